using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>A typed message: read it, ask who wrote it, do it, answer. The change and its answer are one transaction.</summary>
internal sealed class Commands(ChatTables tables, Access access, Shows shows, Changes changes, Replies replies)
{
    public async Task Run(ChatMessage message, CancellationToken cancellation)
    {
        var command = CommandParser.Parse(message.Text);
        // Nobody is ever too busy to stop it.
        if (command is not Command.Stop && access.Take(message.Actor) is var pace and not PaceAnswer.Go)
        {
            await TooMany(message, say: pace == PaceAnswer.TooManyAndSay, cancellation);
            return;
        }

        var role = command is Command.Help or Command.Unknown ? RoleAnswer.Unknown("") : await access.Look(message.Actor, cancellation);
        if (command.Changes)
        {
            await tables.Ledger.Write(DurableStep.CommandChanged, t => Change(t, command, message, role), cancellation);
            return;
        }

        var refused = command.Needs is (not Role.None and var least, var doing) && !role.IsAtLeast(least) ? role.Refusal(least, doing) : null;
        var text = refused is null ? await shows.Of(command, message, role, cancellation) : CardText.Of($"{refused}");
        await tables.Ledger.Write(DurableStep.CommandAnswered,
            async t =>
            {
                await replies.Hear(t, message.Conversation, message.Actor);
                if (refused is not null)
                {
                    await Refused(t, command, message, refused);
                }

                await replies.Say(t, message.Conversation, message.RootId, text);
            },
            cancellation);
    }

    private async Task Change(ITransaction transaction, Command command, ChatMessage message, RoleAnswer role)
    {
        await replies.Hear(transaction, message.Conversation, message.Actor);
        var actor = message.Actor;
        if (await access.Refusal(transaction, command, role, message.Conversation, tables.Conversations) is { } refused)
        {
            await Refused(transaction, command, message, refused);
            await replies.Say(transaction, message.Conversation, message.RootId, CardText.Of($"{refused} Nothing was changed."));
        }
        else if (await changes.Run(transaction, command, message, new Who(actor.TenantId, actor.ObjectId!, actor.Name ?? actor.ObjectId!)) is { } answer)
        {
            await replies.Say(transaction, message.Conversation, message.RootId, answer);
        }
    }

    private Task TooMany(ChatMessage message, bool say, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.CommandRefused,
        async t =>
        {
            await replies.Hear(t, message.Conversation, message.Actor);
            if (say)
            {
                await t.Append(AuditEntry.Of(replies.Now, AuditKind.CommandRefused, Actor(message), "command/limit", detail: $"more than {Pace.Most} in {Pace.Window.TotalMinutes:0} minutes"));
                await replies.Say(t, message.Conversation, message.RootId, CardText.Of(
                    $"That were more than {Pace.Most} commands in {Words.Span(Pace.Window)}. I answer you again when some time has passed; `stop` works always."));
            }
        },
        cancellation);

    private Task Refused(ITransaction transaction, Command command, ChatMessage message, string why) => transaction.Append(
        AuditEntry.Of(replies.Now, AuditKind.CommandRefused, Actor(message), $"command/{command.GetType().Name}", detail: $"{command}: {why}"));

    private static AuditActor Actor(ChatMessage message) => AuditActor.Person(message.Actor.TenantId, message.Actor.ObjectId, message.Actor.Name);
}
