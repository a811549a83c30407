using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Comings and goings of the bot itself. Install events repeat; the welcome does not.</summary>
internal sealed class Installations(ChatTables tables, ChatSettings settings, Replies replies, Arrivals arrivals)
{
    public async Task Add(Installed installed, CancellationToken cancellation)
    {
        var first = await tables.Ledger.Write(DurableStep.ConversationAdded, t => Add(t, installed), cancellation);
        arrivals.Tell(new(installed.Conversation, first));
    }

    public Task Remove(Conversation conversation, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.ConversationRemoved,
        async t =>
        {
            await t.Lock($"conversation/{conversation.Id}");
            if (await tables.Conversations.Find(t, conversation.Id) is not null)
            {
                await tables.Conversations.Removed(t, conversation.Id, replies.Now);
                await t.Append(AuditEntry.OfBot(replies.Now, AuditKind.ConversationChanged, $"conversation/{conversation.Id}", "Installed", "Removed", conversation.Name));
            }
        },
        cancellation);

    private async Task<bool> Add(ITransaction transaction, Installed installed)
    {
        var where = installed.Conversation;
        await transaction.Lock($"conversation/{where.Id}");
        if (where.Kind == ConversationKind.Personal && installed.By?.ObjectId is { } person)
        {
            await tables.Conversations.RememberPerson(transaction, person, where.Id);
        }

        if (!await tables.Conversations.Installed(transaction, where, replies.Now))
        {
            return false;
        }

        var by = installed.By is { } actor ? AuditActor.Person(actor.TenantId, actor.ObjectId, actor.Name) : AuditActor.Bot;
        await transaction.Append(AuditEntry.Of(replies.Now, AuditKind.ConversationChanged, by, $"conversation/{where.Id}", after: "Installed", detail: $"{where.Kind} {where.Name}"));
        var mode = (await tables.Plans.ReadControl(transaction)).DefaultMode ?? RunMode.Review;
        await replies.Say(transaction, where.Id, null, ReportText.Welcome(settings.Agent.Name, mode.ToString(), settings.ApproversConfigured, settings.Agent.Sandbox), Urgency.Reply);
        if (settings.Agent.Sandbox)
        {
            await PostSomewhere(transaction, where);
        }

        await tables.Outbox.WakeAll(transaction, replies.Now);
        return true;
    }

    /// <summary>The practice world is shown to whoever connects, in their chat until there is a team.</summary>
    private async Task PostSomewhere(ITransaction transaction, Conversation where)
    {
        var control = await tables.Plans.HoldControl(transaction);
        var chosen = control.DefaultChannel is { } id ? await tables.Conversations.Find(transaction, id) : null;
        var next = where.Kind switch
        {
            ConversationKind.Channel => chosen is { Kind: ConversationKind.Channel } ? control.DefaultChannel : null,
            _ when chosen is null && await tables.Conversations.FirstTeam(transaction) is null => where.Id,
            _ => control.DefaultChannel,
        };
        if (next != control.DefaultChannel && await tables.Plans.WriteControl(transaction, control with { DefaultChannel = next }, control.Version) is not null)
        {
            await transaction.Append(AuditEntry.OfBot(replies.Now, AuditKind.RoutingChanged, "agent/channel", control.DefaultChannel, next));
        }
    }
}
