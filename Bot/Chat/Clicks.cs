using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>The buttons of all cards. Whichever way a click arrives, it is authorised here; a client that cannot show an answer gets it posted.</summary>
internal sealed class Clicks(ChatTables tables, Access access, DecisionHandler decisions, FollowUps followUps, Replies replies)
{
    public async Task<CardReply> Take(CardAction action, CancellationToken cancellation)
    {
        var answer = await Answer(action, cancellation);
        // A second commit would take as long as the first: where there is nothing to note, nobody waits for it.
        if (action.Fallback || !await tables.Ledger.Read(t => replies.Knows(t, action.Conversation, action.Actor), cancellation))
        {
            await tables.Ledger.Write(DurableStep.ClickAnswered,
                async t =>
                {
                    await replies.Hear(t, action.Conversation, action.Actor);
                    if (action.Fallback)
                    {
                        await Post(t, action, answer);
                    }
                },
                cancellation);
        }

        return answer.Reply;
    }

    private async Task<ClickAnswer> Answer(CardAction action, CancellationToken cancellation)
    {
        if (CardData.Read(action.Data) is not { } data)
        {
            return ClickAnswer.Unreadable("That button sent something I cannot read. Nothing was changed; please use the newest card.");
        }

        return action.Verb switch
        {
            Verbs.Approve => await Decide(action, data, DecisionKind.Approve, cancellation),
            Verbs.Deny => await Decide(action, data, DecisionKind.Deny, cancellation),
            Verbs.Confirm or Verbs.Cancel or Verbs.Recheck or Verbs.Annotate or Verbs.Investigate or Verbs.KeepWaiting or Verbs.Undo => await FollowUp(action, data, cancellation),
            _ => ClickAnswer.Unreadable("I know no such button. Nothing was changed."),
        };
    }

    private async Task<ClickAnswer> Decide(CardAction action, CardData data, DecisionKind kind, CancellationToken cancellation)
    {
        var person = new Person(action.Actor.TenantId, action.Actor.ObjectId, action.Actor.Name);
        var click = new Click(person, action.Conversation.Id, action.MessageId, action.RootId, new(data.Id), data.Revision);
        return await decisions.Decide(click, kind, data.Reason, cancellation) switch
        {
            DecisionAnswer.Recorded recorded => ClickAnswer.Shows(await followUps.Render(recorded.Proposal, cancellation), kind == DecisionKind.Approve ? "Approved." : "Denied. Nothing is executed."),
            DecisionAnswer.Refused refused => ClickAnswer.Refused(refused.Why),
            _ => ClickAnswer.Refused("Nothing was changed."),
        };
    }

    private async Task<ClickAnswer> FollowUp(CardAction action, CardData data, CancellationToken cancellation)
    {
        var (needed, doing) = action.Verb switch
        {
            Verbs.Investigate => (Role.StandardUser, "have an incident investigated again"),
            Verbs.Recheck => (Role.Administrator, "have a blocked operation looked at again"),
            Verbs.Undo => (Role.Administrator, "take an operation back"),
            Verbs.KeepWaiting => (Role.Administrator, "give a proposal more time"),
            Verbs.Annotate => (Role.Administrator, "note whether an operation was done"),
            _ => (Role.Administrator, "confirm a change"),
        };
        var role = await access.Look(action.Actor, cancellation);
        if (role.IsAtLeast(needed) && action.Actor.ObjectId is not null)
        {
            return await followUps.Take(action, data, Asker.Of(action.Actor, role, action.Conversation, action.RootId), cancellation);
        }

        var why = role.Refusal(needed, doing);
        await tables.Ledger.Write(DurableStep.ClickAudited,
            t => t.Append(AuditEntry.Of(replies.Now, AuditKind.CommandRefused, AuditActor.Person(action.Actor.TenantId, action.Actor.ObjectId, action.Actor.Name),
                $"card/{data.Id}", detail: $"{action.Verb}: {why}")),
            cancellation);
        return ClickAnswer.Refused(why);
    }

    /// <summary>In the thread only that an answer was taken, or not: why somebody was refused is theirs alone.</summary>
    private async Task Post(ITransaction transaction, CardAction action, ClickAnswer answer)
    {
        if (action.Conversation.Kind == ConversationKind.Personal)
        {
            await replies.Say(transaction, action.Conversation, null, CardText.Outside(answer.Words, 900));
            return;
        }

        var personal = action.Actor.ObjectId is { } person ? await tables.Conversations.PersonalOf(transaction, person) : null;
        var where = personal is null ? CardText.Of($"To be told more, open a chat with me and try again there.") : CardText.Of($"Details are in your personal chat with me.");
        await replies.Say(transaction, action.Conversation, action.RootId, answer.Taken ? CardText.Of($"Your answer was taken; the card shows it in a moment.") : CardText.Of($"Nothing was changed. {where}"));
        if (personal is not null)
        {
            await replies.Say(transaction, personal, null, CardText.Outside(answer.Words, 900));
        }
    }
}
