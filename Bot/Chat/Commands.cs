using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>A typed message: read it, ask who wrote it, do it, answer. The change and its answer are one transaction.</summary>
internal sealed class Commands(ChatTables tables, Access access, Names names, Answers answers, Replies replies)
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

        var said = new Said(command, message, command is Command.Help or Command.Unknown ? RoleAnswer.Unknown("") : await access.Look(message.Actor, cancellation));
        if (command.Changes)
        {
            await tables.Ledger.Write(DurableStep.CommandChanged, t => Change(t, said), cancellation);
            return;
        }

        var refused = command.Needs is (not Role.None and var least, var doing) && !said.Role.IsAtLeast(least) ? said.Role.Refusal(least, doing) : null;
        var text = refused is null ? await Show(said, cancellation) : CardText.Of($"{refused}");
        await tables.Ledger.Write(DurableStep.CommandAnswered,
            async t =>
            {
                await replies.Hear(t, message.Conversation, message.Actor);
                if (refused is not null)
                {
                    await Refused(t, said, refused);
                }

                await replies.Say(t, message.Conversation, message.RootId, text);
            },
            cancellation);
    }

    private async Task<CardText> Show(Said said, CancellationToken cancellation)
    {
        if (said.Command is not Command.Named named)
        {
            return await answers.Show(said, cancellation);
        }

        var (found, missing) = await tables.Ledger.Read(t => names.Resolve(t, named), cancellation);
        return missing ?? await answers.Show(said with { Command = found! }, cancellation);
    }

    private async Task Change(ITransaction transaction, Said said)
    {
        var message = said.Message;
        await replies.Hear(transaction, message.Conversation, message.Actor);
        if (await Answer(transaction, said) is { } answer)
        {
            await replies.Say(transaction, message.Conversation, message.RootId, answer);
        }
    }

    private async Task<CardText?> Answer(ITransaction transaction, Said said)
    {
        if (await RefusedOne(transaction, said) is { } refused)
        {
            return refused;
        }

        if (said.Command is Command.Named named)
        {
            var (found, missing) = await names.Resolve(transaction, named);
            if (missing is { } nothing)
            {
                return CardText.Of($"{nothing} Nothing was changed.");
            }

            // Now it is known what the name means, and that may need more.
            said = said with { Command = found! };
            if (await RefusedOne(transaction, said) is { } refusedNow)
            {
                return refusedNow;
            }
        }

        return await answers.Change(transaction, said);
    }

    private async Task<CardText?> RefusedOne(ITransaction transaction, Said said)
    {
        if (await access.Refusal(transaction, said.Command, said.Role, said.Message.Conversation, tables.Conversations) is not { } why)
        {
            return null;
        }

        await Refused(transaction, said, why);
        return CardText.Of($"{why} Nothing was changed.");
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

    private Task Refused(ITransaction transaction, Said said, string why) => transaction.Append(
        AuditEntry.Of(replies.Now, AuditKind.CommandRefused, Actor(said.Message), $"command/{said.Command.Word}", detail: $"in {said.Message.Conversation.Id}; {said.Command}: {why}"));

    private static AuditActor Actor(ChatMessage message) => AuditActor.Person(message.Actor.TenantId, message.Actor.ObjectId, message.Actor.Name);
}
