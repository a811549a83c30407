using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>
/// The one place where a task is changed by people, typed or by a form, as <see cref="PlanEdits"/> is for plans: held against what is stored, judged by
/// every field that differs, at once or after a confirmation.
/// </summary>
internal sealed class TaskEdits(ChatTables tables, Access access, Names names, TaskWrites writes, TaskQuestions questions)
{
    /// <param name="edit">Before as it was when the person saw it; its revision guards the change.</param>
    public async Task<EditAnswer> Take(ITransaction transaction, TaskEdit edit, Asker asker)
    {
        var task = edit.After ?? edit.Before ?? throw new ArgumentException("An edit of nothing.", nameof(edit));
        // Control row, then task: the order in which claims and ticks take them.
        var control = await tables.Plans.ShareControl(transaction);
        var stored = await tables.Tasks.Hold(transaction, (edit.Before ?? task).Key);
        if (await Objection(transaction, edit, stored) is { } objection)
        {
            return objection;
        }

        edit = edit with { Before = stored };
        switch (Authority.OfTask(edit))
        {
            case Change.None:
                return new(EditOutcome.Unchanged, CardText.Of($"Task {CardText.Outside(task.Name, 64)} is so already. Nothing was changed."));
            case Change.Tightens when await access.MayTighten(transaction, asker.Role, asker.Where, tables.Conversations):
                return await Apply(transaction, edit, control, asker);
            case Change.Tightens:
                return await Refuse(transaction, edit, asker, asker.Role.Refusal(Role.StandardUser, "pause a task or set it to Review"));
            case var _ when !asker.Role.IsAdministrator:
                return await Refuse(transaction, edit, asker, asker.Role.Refusal(Role.Administrator, Raising(edit)));
            case var _ when await Unreachable(transaction, edit) is { } unreachable:
                return unreachable;
            case var _ when Problems(edit) is { } problem:
                return new(EditOutcome.Refused, CardText.Of($"{CardText.Outside(problem, 1000)} Nothing was changed."));
            case var _ when !edit.NeedsConfirmation:
                return await Apply(transaction, edit, control, asker);
            default:
                await questions.Ask(transaction, edit, control, asker);
                return new(EditOutcome.Asked, CardText.Of($"This needs your confirmation: please answer the card. Nothing is changed before."));
        }
    }

    private string? Problems(TaskEdit edit) => edit.After is { } after && questions.Problems(after) is { Count: > 0 } problems
        ? string.Join(" ", problems.Select(p => $"{TaskFields.All.FirstOrDefault(f => f.Property == p.Property)?.Field ?? p.Property}: {p.Problem}"))
        : null;

    private async Task<EditAnswer?> Unreachable(ITransaction transaction, TaskEdit edit) =>
        edit.After?.Channel is { } id && id != edit.Before?.Channel
        && await tables.Conversations.Find(transaction, id) is not { Kind: ConversationKind.Channel or ConversationKind.GroupChat }
            ? new(EditOutcome.Refused, CardText.Of($"Approvals are asked in a channel or a group chat, so the task cannot post in this one. Nothing was changed."))
            : null;

    private async Task<EditAnswer?> Objection(ITransaction transaction, TaskEdit edit, ScheduledTask? stored) => edit switch
    {
        { Before: null, After: { } after } when PlanNames.Refusal(after.Name) is { } refusal => new(EditOutcome.Refused, CardText.Of($"The name {refusal} Nothing was changed.")),
        { Before: null, After: { } after } when await names.Taken(transaction, after.Name) is { } taken => new(EditOutcome.Refused, CardText.Of($"{taken} Nothing was changed.")),
        { Before: null } => null,
        { Before: { } before, After: { } after } when before.Key != after.Key => new(EditOutcome.Refused, CardText.Of($"A task keeps its name. Create another and delete this one. Nothing was changed.")),
        { Before: { } before } when stored?.Revision != before.Revision => new(EditOutcome.Raced,
            CardText.Of($"Task {CardText.Outside(before.Name, 64)} was changed while you were at it. {CardText.Outside(TaskWrites.Meanwhile(before, stored), 1000)} Nothing of yours was changed; please look and say it again.")),
        _ => null,
    };

    private async Task<EditAnswer> Apply(ITransaction transaction, TaskEdit edit, Control control, Asker asker) =>
        await writes.Apply(transaction, edit, asker.By, asker.Where.Id, null)
            ? new(EditOutcome.Done, Done(edit, control))
            : new(EditOutcome.Raced, CardText.Of($"Somebody else changed this a moment ago. Nothing was changed; please look and say it again."));

    private CardText Done(TaskEdit edit, Control control)
    {
        var after = edit.After!;
        var name = CardText.Outside(after.Name, 64);
        return edit.Before switch
        {
            null => CardText.Of($"Task {name} is created. {questions.Next(after)}"),
            { Enabled: true } when !after.Enabled => CardText.Of($"Task {name} is **paused**: it does not run until an Administrator resumes it, and what it had open is withdrawn."),
            { } before when TaskQuestions.Resumes(before, after) => CardText.Of($"Task {name} is **resumed**. What it missed is not made up for. {questions.Next(after)}"),
            { } before when before.Mode != after.Mode && TaskFields.Differences(before, after).Count == 1 =>
                CardText.Of($"Task {name}: {TaskQuestions.ModeOf(before, control).ToString()} → **{TaskQuestions.ModeOf(after, control).ToString()}**, in force now."),
            _ => CardText.Of($"Task {name} is changed. {questions.Next(after)}"),
        };
    }

    private async Task<EditAnswer> Refuse(ITransaction transaction, TaskEdit edit, Asker asker, string why)
    {
        await transaction.Append(AuditEntry.Of(questions.Now, AuditKind.CommandRefused, AuditActor.Person(asker.By.TenantId, asker.By.ObjectId, asker.By.Name), (edit.After ?? edit.Before)!.Subject,
            detail: $"in {asker.Where.Id}; {TaskQuestions.Title(edit)}: {string.Join("; ", TaskFields.Differences(edit.Before, edit.After))}: {why}"));
        return new(EditOutcome.Refused, CardText.Of($"{why} Nothing was changed."));
    }

    private static string Raising(TaskEdit edit) => edit switch
    {
        { Before: null } => "create a task",
        { After: null } => "delete a task",
        { Before: { } before, After: { } after } when TaskQuestions.Resumes(before, after) => "resume a task",
        { Before: { } before, After: { } after } when before.Mode != after.Mode && TaskFields.Differences(before, after).Count == 1 => "set a run mode to Autonomous",
        _ => "change a task otherwise than to Review: any other field may let something run that asked before",
    };
}
