using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>What the buttons beside Approve and Deny set in motion.</summary>
internal sealed record RunSteps(RunTables Tables, ProposalSteps Steps, Recheck Recheck, Reinvestigation Reinvestigation, RunPresenter Presenter, Silence Silence, Undoing Undoing);

/// <summary>Everything a card asks besides a decision. The clicker's role was looked up already; what they clicked is looked up here.</summary>
internal sealed partial class FollowUps(RunSteps run, Confirmations confirmations, FormDesk forms, TimeProvider clock, ILogger<FollowUps> log)
{
    /// <summary>A click is answered in well under three seconds, of which the directory had most; looking again at Azure goes on behind the answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    public Task<JsonObject> Render(GatedProposal proposal, CancellationToken cancellation) => run.Presenter.Render(proposal, cancellation);

    public Task<ClickAnswer> Take(CardAction action, CardData data, Asker asker, CancellationToken cancellation) => action.Verb switch
    {
        Verbs.Confirm or Verbs.Cancel => run.Tables.Ledger.Write(DurableStep.Confirmed,
            async t =>
            {
                var click = new ConfirmClick(data.Id, data.Revision, action.Verb == Verbs.Confirm, asker.By, action.Conversation.Id);
                return await forms.Click(t, click, asker, data.Inputs) ?? await confirmations.Click(t, click);
            },
            cancellation),
        Verbs.Recheck => LookAgain(action, data, asker.By, cancellation),
        Verbs.Undo => Undo(action, data, asker.By, cancellation),
        Verbs.Annotate => Annotate(action, data, asker.By, cancellation),
        Verbs.KeepWaiting => KeepWaiting(action, data, asker.By, cancellation),
        _ => Investigate(data, asker.By, asker.Role.IsAdministrator, cancellation),
    };

    private async Task<ClickAnswer> LookAgain(CardAction action, CardData data, Who by, CancellationToken cancellation)
    {
        if (await run.Tables.Ledger.Read(t => Objection(t, action, data, ProposalStatus.Blocked, "re-check"), cancellation) is { } objection)
        {
            return ClickAnswer.Refused(objection);
        }

        // It ends by itself: every question to Azure has its own limit. The caller's token ends with the answer to the click.
        var looking = run.Recheck.Look(new(data.Id), Actor(by), CancellationToken.None);
        try
        {
            return await looking.WaitAsync(Patience, clock, cancellation) switch
            {
                Rechecked.Moved moved => ClickAnswer.Shows(await Render(moved.Now, cancellation), $"Looked at again: {moved.Now.Status}."),
                Rechecked.Refused refused => ClickAnswer.Refused(refused.Why),
                _ => ClickAnswer.Refused("Nothing was changed."),
            };
        }
        catch (TimeoutException)
        {
            _ = looking.ContinueWith(t => LookingFailed(log, data.Id, t.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return ClickAnswer.Told("I am looking again. The card shows the result in a moment; if it does not, please press once more.");
        }
    }

    private async Task<ClickAnswer> Undo(CardAction action, CardData data, Who by, CancellationToken cancellation)
    {
        if (await run.Tables.Ledger.Read(t => Objection(t, action, data, ProposalStatus.Succeeded, "undo"), cancellation) is { } objection)
        {
            return ClickAnswer.Refused(objection);
        }

        var asking = run.Undoing.Ask(new(data.Id), by, CancellationToken.None);
        try
        {
            return await asking.WaitAsync(Patience, clock, cancellation) is { } refusal
                ? ClickAnswer.Refused(refusal)
                : ClickAnswer.Told("It is proposed with a card of its own in this thread.");
        }
        catch (TimeoutException)
        {
            _ = asking.ContinueWith(t => LookingFailed(log, data.Id, t.Exception!), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return ClickAnswer.Told("I am looking whether it can still be taken back. A card in this thread asks in a moment, or this one says why not; if neither comes, please press once more.");
        }
    }

    /// <summary>A note beside an unknown result. It changes no state: nobody's word turns "not known" into "done".</summary>
    private Task<ClickAnswer> Annotate(CardAction action, CardData data, Who by, CancellationToken cancellation) => run.Tables.Ledger.Write(DurableStep.Annotated,
        async t =>
        {
            if (data.Choice is not (ActionData.Done or ActionData.NotDone))
            {
                return ClickAnswer.Unreadable("That button did not say whether it was done. Nothing was changed.");
            }

            if (await Objection(t, action, data, ProposalStatus.Indeterminate, "note") is { } objection)
            {
                return ClickAnswer.Refused(objection);
            }

            var before = (await run.Tables.Proposals.Find(t, new(data.Id)))!;
            if (before.Proposal.Annotation is { } noted)
            {
                return ClickAnswer.Refused($"{noted.By.Name} noted already that it was {(noted.Done ? "done" : "not done")}.");
            }

            var now = clock.GetUtcNow();
            var after = before with { Proposal = before.Proposal with { Annotation = new(by, now, data.Choice == ActionData.Done) } };
            if (!await run.Tables.Proposals.Move(t, before, after))
            {
                return ClickAnswer.Refused("Somebody else was faster. Please use the newest card.");
            }

            await t.Append(AuditEntry.Of(now, AuditKind.Annotated, Actor(by), after.Proposal.Subject, after: data.Choice, detail: after.Status.ToString()));
            await run.Steps.Show(t, after, now);
            return ClickAnswer.Told("Noted. The state stays as it is: nobody knows the result for certain.");
        },
        cancellation);

    private Task<ClickAnswer> KeepWaiting(CardAction action, CardData data, Who by, CancellationToken cancellation) => run.Tables.Ledger.Write(DurableStep.KeptWaiting,
        async t =>
        {
            if (await Objection(t, action, data, ProposalStatus.AwaitingApproval, "wait for") is { } objection)
            {
                return ClickAnswer.Refused(objection);
            }

            var (until, why) = await run.Silence.KeepWaiting(t, (await run.Tables.Proposals.Find(t, new(data.Id)))!, by);
            return until is { } later ? ClickAnswer.Told($"It waits until {PlanWords.At(later)}.") : ClickAnswer.Refused(why);
        },
        cancellation);

    private Task<ClickAnswer> Investigate(CardData data, Who by, bool isAdministrator, CancellationToken cancellation) => run.Tables.Ledger.Write(DurableStep.InvestigatedAgain,
        async t => await run.Tables.Proposals.Find(t, new(data.Id)) is not { } proposal
            ? ClickAnswer.Refused("This card belongs to no proposal that I know. Nothing was changed.")
            : await run.Reinvestigation.Begin(t, proposal.Proposal.Incident, by, isAdministrator) is { } refusal
                ? ClickAnswer.Refused(refusal)
                : ClickAnswer.Told("I investigate again. The result comes in this thread, and whatever I propose asks first."),
        cancellation);

    /// <summary>An old card, one that was copied elsewhere, or one whose state has moved on.</summary>
    private async Task<string?> Objection(ITransaction transaction, CardAction action, CardData data, ProposalStatus status, string doing)
    {
        if (await run.Tables.Proposals.Find(transaction, new(data.Id)) is not { } gated)
        {
            return "This card belongs to no proposal that I know. Nothing was changed.";
        }

        if (gated.Proposal.Revision != data.Revision)
        {
            return $"This card shows revision {data.Revision}; the proposal is at revision {gated.Proposal.Revision}. Please use the newest card.";
        }

        if (gated.Status != status)
        {
            return $"There is nothing to {doing}: this proposal is {gated.Status}.";
        }

        var shown = await run.Tables.Outbox.MessagesOf(transaction, gated.Proposal.Subject);
        if (shown.Any(m => m.Message.ConversationId == action.Conversation.Id))
        {
            return null;
        }

        // A hand may be faster than the channel's receipt for the card that it clicks.
        return !shown.Any(m => m.Revision == gated.Proposal.Revision) || await run.Tables.Outbox.MayHaveArrived(transaction, gated.Proposal.Subject, posted: true)
            ? "The delivery of this card is not confirmed yet. Please try again in a moment."
            : "This proposal was never shown in this conversation. Please use its own card.";
    }

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);

    [LoggerMessage(LogLevel.Error, "Looking again at {proposal} failed")]
    private static partial void LookingFailed(ILogger log, string proposal, Exception e);
}
