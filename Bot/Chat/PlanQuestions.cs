using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>What the confirmation of a plan's edit says: every field that differs, what will no longer be asked, and which plan its alerts fall to.</summary>
internal sealed class PlanQuestions(ChatTables tables, Confirmations confirmations, AutonomyBudget budget, TimeProvider clock)
{
    private const int MostPlansNamed = 4;

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task Ask(ITransaction transaction, PlanEdit edit, Control control, Asker asker)
    {
        var name = (edit.After ?? edit.Before)!.Name;
        var text = Of(edit, control, await tables.Plans.All(transaction)) with { Fields = await Fields(transaction, edit) };
        await confirmations.Ask(transaction, new Question(ConfirmedChange.PlanEdit, name, edit.Before?.Version ?? 0, text) { Edit = edit }, asker);
    }

    public static string Title(PlanEdit edit) => edit switch
    {
        { Before: null, After: { } after } => $"Create plan {after.Name}",
        { Before: { } before, After: null } => $"Delete plan {before.Name}",
        { Before: { Enabled: true } before, After: { Enabled: false } after } when OnlyState(before, after) => $"Pause plan {before.Name}",
        { Before: { Enabled: false } before, After: { Enabled: true } after } when OnlyState(before, after) => $"Resume plan {before.Name}",
        { Before: { } before, After: { Mode: { } mode } after } when Authority.OfPlan(before, after with { Mode = before.Mode }) == Change.None => $"Set plan {before.Name} to {mode}",
        _ => $"Edit plan {edit.Before!.Name}",
    };

    /// <summary>What it will be, in the words of the card; what it would be by the time it is confirmed must read the same.</summary>
    public static string Then(PlanEdit edit, Control control) => edit.After is { } after ? Mode(after, control) : "Deleted";

    private static string Mode(ResponsePlan plan, Control control) => plan.Enabled ? PlanWords.ModeOf(plan, control).ToString() : $"Paused, {PlanWords.ModeOf(plan, control)}";

    private ConfirmationText Of(PlanEdit edit, Control control, IReadOnlyList<ResponsePlan> plans)
    {
        var (before, after) = (edit.Before is { } b ? Mode(b, control) : "No such plan", Then(edit, control));
        var others = SharedAlerts.Others((edit.After ?? edit.Before)!, plans, control.DefaultMode);
        if (edit.After is { } now && !IsPause(edit))
        {
            var text = IsAutonomous(now, control)
                ? new ConfirmationText(Title(edit), before, after, PlanWords.Unasked($"matched by plan {now.Name}"), PlanWords.Asked(budget))
                : new ConfirmationText(Title(edit), before, after, [], ["Every change under this plan: it is in Review mode"]);
            return text with { Consequences = [.. Advice(edit, now, control), .. Shares(edit, others, control), .. now.Enabled ? (string[])[] : ["The plan is paused: nothing of it runs until it is resumed"]] };
        }

        var leaves = edit.Before is { Enabled: true };
        var heir = leaves ? others.FirstOrDefault(p => IsAutonomous(p, control)) : null;
        return new(Title(edit), before, after, heir is null ? [] : PlanWords.Unasked($"for alerts that fall to plan {heir.Name}"), heir is null ? [] : PlanWords.Asked(budget))
        {
            Consequences = [Left(leaves, others, control), .. edit.After is null ? (string[])["Its name stays taken: settings do not bring it back"] : []],
            InForce = leaves ? "In force now: nothing of this plan starts any more, and what it had asked is withdrawn." : "In force now.",
        };
    }

    private static string Left(bool leaves, IReadOnlyList<ResponsePlan> heirs, Control control) => (leaves, heirs.Count) switch
    {
        (false, _) => "No alert changes hands: the plan is paused and takes none today",
        (_, 0) => "No other plan takes its alerts: they are listed as unmatched, and nobody is asked",
        _ => $"Its alerts fall to {Listed(heirs, ", then ", control)}, where these match; else they are listed as unmatched",
    };

    /// <summary>A warning, not a bar, where the mode is chosen against what is recommended for this kind of work.</summary>
    private static string[] Advice(PlanEdit edit, ResponsePlan now, Control control) =>
        edit.Before?.Mode == now.Mode && edit.Before is not null ? [] : Recommendation.Against(now, PlanWords.ModeOf(now, control).Mode) is { } advice ? [advice] : [];

    private static string[] Shares(PlanEdit edit, IReadOnlyList<ResponsePlan> others, Control control) =>
        others.Count == 0 || (edit is { Before: { } before, After: { } after } && before.Enabled == after.Enabled && PlanFields.SameFilter(before, after))
            ? []
            : [$"May take alerts that would otherwise be taken by {Listed(others, ", ", control)}: the more specific filter wins, then the stricter mode"];

    private static string Listed(IReadOnlyList<ResponsePlan> plans, string between, Control control) =>
        string.Join(between, plans.Take(MostPlansNamed).Select(p => $"plan {Named(p, control)}")) + (plans.Count > MostPlansNamed ? $" and {plans.Count - MostPlansNamed} more" : "");

    private static string Named(ResponsePlan plan, Control control) =>
        PlanWords.ModeOf(plan, control) is { Source: ModeSource.Agent } byDefault ? $"{plan.Name} ({byDefault.Mode}, agent default)" : $"{plan.Name} ({plan.Mode})";

    private static bool IsAutonomous(ResponsePlan plan, Control control) => PlanWords.ModeOf(plan, control).Mode == RunMode.Autonomous;

    private static bool IsPause(PlanEdit edit) => edit is { Before.Enabled: true, After.Enabled: false };

    /// <summary>A conversation by the name that people know it by.</summary>
    private async Task<IReadOnlyList<FieldChange>> Fields(ITransaction transaction, PlanEdit edit)
    {
        List<FieldChange> fields = [];
        foreach (var field in PlanFields.Differences(edit.Before, edit.After))
        {
            fields.Add(field.Field == PlanFields.Channel
                ? field with { Before = field.Before is { } before ? await Place(transaction, before) : null, After = await Place(transaction, field.After) }
                : field);
        }

        // The title and what stands below it say this one already.
        if (fields is [{ Field: PlanFields.Mode or PlanFields.State, Before: not null }])
        {
            return [];
        }

        return fields;
    }

    private async Task<string> Place(ITransaction transaction, string id) => id.Length == 0 ? "the default channel" : (await tables.Conversations.Find(transaction, id))?.Name ?? "a channel that the bot cannot reach";

    private static bool OnlyState(ResponsePlan before, ResponsePlan after) => Authority.OfPlan(before, after with { Enabled = before.Enabled }) == Change.None;
}
