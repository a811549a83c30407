using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>What became of an edit. Only Done has changed the plan; Asked will, when it is confirmed.</summary>
internal enum EditOutcome { Refused = 0, Raced, Unchanged, Asked, Done }

/// <param name="Text">For whoever asked.</param>
internal sealed record EditAnswer(EditOutcome Outcome, CardText Text);

/// <summary>
/// The one place where a plan is changed, whoever asks and however: typed or by a form. What it was is held against what is stored, so that
/// nobody's edit is lost; what raises autonomy, by whatever field, is an Administrator's and is confirmed first.
/// </summary>
internal sealed class PlanEdits(ChatTables tables, Access access, Names names, PlanWrites writes, PlanQuestions questions)
{
    /// <param name="edit">Before as it was when the person saw it; its version guards the change.</param>
    public async Task<EditAnswer> Take(ITransaction transaction, PlanEdit edit, Asker asker)
    {
        var plan = edit.After ?? edit.Before ?? throw new ArgumentException("An edit of nothing.", nameof(edit));
        // Control row, then plan: the order in which claims and decisions take them.
        var control = await tables.Plans.ShareControl(transaction);
        var stored = await tables.Plans.Hold(transaction, (edit.Before ?? plan).Key);
        if (await Objection(transaction, edit, stored) is { } objection)
        {
            return objection;
        }

        // What is stored is what counts, whatever the caller believed it was.
        edit = edit with { Before = stored };
        switch (Authority.OfEdit(edit))
        {
            case Change.None:
                return new(EditOutcome.Unchanged, CardText.Of($"Plan {CardText.Outside(plan.Name, 64)} is so already. Nothing was changed."));
            case Change.Tightens when await access.MayTighten(transaction, asker.Role, asker.Where, tables.Conversations):
                return await Apply(transaction, edit, control, asker);
            case Change.Tightens:
                return await Refuse(transaction, edit, asker, asker.Role.Refusal(Role.StandardUser, "set a run mode to Review"));
            case var _ when !asker.Role.IsAdministrator:
                return await Refuse(transaction, edit, asker, asker.Role.Refusal(Role.Administrator, Raising(edit)));
            case var _ when await Unreachable(transaction, edit) is { } unreachable:
                return unreachable;
            case var _ when FilterProblem(edit) is { } problem:
                return new(EditOutcome.Refused, CardText.Of($"{problem} Nothing was changed."));
            case var _ when Authority.OnlyMoves(edit):
                return await Apply(transaction, edit, control, asker);
            default:
                await questions.Ask(transaction, edit, control, asker);
                return new(EditOutcome.Asked, CardText.Of($"This needs your confirmation: please answer the card. Nothing is changed before."));
        }
    }

    /// <summary>A filter that can match nothing is not stored anew; a plan that has one may still be paused, lowered or deleted.</summary>
    private static string? FilterProblem(PlanEdit edit) => edit.After is { } after && (edit.Before is null || !PlanFields.SameFilter(edit.Before, after)) && PlanFilterCheck.Problems(after) is { Count: > 0 } problems
        ? string.Join(" ", problems.Select(p => $"{PlanFields.All.FirstOrDefault(f => f.Property == p.Field)?.Field ?? p.Field}: {p.Problem}"))
        : null;

    /// <summary>A plan whose approvals go where nobody can approve, or to a place that the bot was never in, asks nobody.</summary>
    private async Task<EditAnswer?> Unreachable(ITransaction transaction, PlanEdit edit) =>
        edit.After?.Channel is { } id && id != edit.Before?.Channel
        && await tables.Conversations.Find(transaction, id) is not { Kind: ConversationKind.Channel or ConversationKind.GroupChat }
            ? new(EditOutcome.Refused, CardText.Of($"I am in no channel or group chat {CardText.Outside(id, 100)}. Write `use this channel for PLAN` in the channel itself. Nothing was changed."))
            : null;

    private async Task<EditAnswer?> Objection(ITransaction transaction, PlanEdit edit, ResponsePlan? stored) => edit switch
    {
        { Before: null, After: { } after } when PlanNames.Refusal(after.Name) is { } refusal => new(EditOutcome.Refused, CardText.Of($"The name {refusal} Nothing was changed.")),
        { Before: null, After: { } after } when await names.Taken(transaction, after.Name) is { } taken => new(EditOutcome.Refused, CardText.Of($"{taken} Nothing was changed.")),
        { Before: null } => null,
        { Before: { } before, After: { } after } when before.Key != after.Key => new(EditOutcome.Refused, CardText.Of($"A plan keeps its name. Create another and delete this one. Nothing was changed.")),
        { Before: { } before } when stored?.Version != before.Version => new(EditOutcome.Raced,
            CardText.Of($"Plan {CardText.Outside(before.Name, 64)} was changed while you were at it. {CardText.Outside(PlanWrites.Meanwhile(before, stored), 1000)} Nothing of yours was changed; please look and say it again.")),
        _ => null,
    };

    private async Task<EditAnswer> Apply(ITransaction transaction, PlanEdit edit, Control control, Asker asker) =>
        await writes.Apply(transaction, edit, asker.By, asker.Where.Id, null)
            ? new(EditOutcome.Done, await Done(transaction, edit, control, asker))
            : new(EditOutcome.Raced, CardText.Of($"Somebody else changed this a moment ago. Nothing was changed; please look and say it again."));

    /// <summary>Only what needs no confirmation is told in words: a lowered mode, and another place.</summary>
    private async Task<CardText> Done(ITransaction transaction, PlanEdit edit, Control control, Asker asker)
    {
        var (before, after) = (edit.Before!, edit.After!);
        if (before.Mode != after.Mode)
        {
            return CardText.Of($"Plan {CardText.Outside(after.Name, 64)}: {PlanWords.ModeOf(before, control).ToString()} → **Review**, in force now. I ask before every change; what was approved or cleared but had not begun asks again.");
        }

        var place = after.Channel == asker.Where.Id ? CardText.Of($"here") : after.Channel is { } id ? CardText.Of($"in {PlanWords.Place(await tables.Conversations.Find(transaction, id))}") : CardText.Of($"where all are that have no channel of their own");
        return CardText.Of($"New incidents of plan {CardText.Outside(after.Name, 64)} are posted {place} from now on. Threads that are open stay where they are.");
    }

    private async Task<EditAnswer> Refuse(ITransaction transaction, PlanEdit edit, Asker asker, string why)
    {
        var name = (edit.After ?? edit.Before)!.Name;
        await transaction.Append(AuditEntry.Of(questions.Now, AuditKind.CommandRefused, AuditActor.Person(asker.By.TenantId, asker.By.ObjectId, asker.By.Name), $"plan/{name}",
            detail: $"in {asker.Where.Id}; {PlanQuestions.Title(edit)}: {string.Join("; ", PlanFields.Differences(edit.Before, edit.After))}: {why}"));
        return new(EditOutcome.Refused, CardText.Of($"{why} Nothing was changed."));
    }

    /// <summary>Why it takes an Administrator, for somebody who meant no harm by a filter.</summary>
    private static string Raising(PlanEdit edit) => edit switch
    {
        { Before: null } => "create a plan",
        { After: null } => "delete a plan, since its alerts may fall to another",
        { Before: { Enabled: true }, After: { Enabled: false } } => "pause a plan, since its alerts may fall to another",
        { Before: { Enabled: false }, After: { Enabled: true } } => "resume a plan",
        { Before: { } before, After: { } after } when Authority.OfPlan(before, after with { Mode = before.Mode }) == Change.None => "set a run mode to Autonomous",
        _ => "change a plan otherwise than to Review: any other field may let something run that asked before",
    };
}
