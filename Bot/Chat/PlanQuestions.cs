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
        var heirs = SharedAlerts.Heirs((edit.Before ?? edit.After)!, plans, control.DefaultMode);
        return edit.After is { Enabled: true } now
            ? new(Title(edit), before, after, IsAutonomous(now) ? PlanWords.Unasked($"matched by plan {now.Name}") : [], PlanWords.Asked(budget)) { Consequences = Shared(edit, heirs) }
            : new(Title(edit), before, after, Inherited(heirs), PlanWords.Asked(budget))
            {
                Consequences = Left(edit, heirs),
                InForce = edit.Before is { Enabled: true } ? "In force now: nothing of this plan starts any more, and what it had asked is withdrawn." : null,
            };

        bool IsAutonomous(ResponsePlan plan) => PlanWords.ModeOf(plan, control).Mode == RunMode.Autonomous;

        IReadOnlyList<string> Inherited(IReadOnlyList<ResponsePlan> to) => to.FirstOrDefault(IsAutonomous) is { } autonomous
            ? PlanWords.Unasked($"for alerts that fall to plan {autonomous.Name}")
            : [];

        IReadOnlyList<string> Left(PlanEdit left, IReadOnlyList<ResponsePlan> to) =>
        [
            left.Before is not { Enabled: true } ? "No alert changes hands: the plan takes none today"
            : to.Count == 0 ? "No other plan takes its alerts: they are listed as unmatched, and nobody is asked"
            : $"Its alerts fall to {string.Join(", then ", to.Take(MostPlansNamed).Select(p => $"plan {Named(p)}"))}{(to.Count > MostPlansNamed ? $" and {to.Count - MostPlansNamed} more" : "")}, where these match; else they are listed as unmatched",
            .. left.After is null ? (string[])["Its name stays taken: settings do not bring it back"] : [],
        ];

        IReadOnlyList<string> Shared(PlanEdit shared, IReadOnlyList<ResponsePlan> to) => shared.Before is { Enabled: true } same && SameFilter(same, shared.After!) || to.Count == 0 ? [] :
        [
            $"May take alerts that {string.Join(", ", to.Take(MostPlansNamed).Select(p => $"plan {Named(p)}"))} took or takes: the more specific filter wins, then the stricter mode",
        ];

        string Named(ResponsePlan plan) => PlanWords.ModeOf(plan, control) is { Source: ModeSource.Agent } byDefault ? $"{plan.Name} ({byDefault.Mode}, agent default)" : $"{plan.Name} ({plan.Mode})";
    }

    /// <summary>A conversation by the name that people know it by.</summary>
    private async Task<IReadOnlyList<FieldChange>> Fields(ITransaction transaction, PlanEdit edit)
    {
        List<FieldChange> fields = [];
        foreach (var field in PlanFields.Differences(edit.Before, edit.After))
        {
            fields.Add(field.Field == PlanFields.Channel ? field with { Before = await Place(transaction, field.Before), After = await Place(transaction, field.After) } : field);
        }

        return fields;
    }

    private async Task<string> Place(ITransaction transaction, string id) => id.Length == 0 ? "the default channel" : (await tables.Conversations.Find(transaction, id))?.Name ?? "a channel that the bot cannot reach";

    private static bool OnlyState(ResponsePlan before, ResponsePlan after) => Authority.OfPlan(before, after with { Enabled = before.Enabled }) == Change.None;

    private static bool SameFilter(ResponsePlan before, ResponsePlan after) =>
        before.Enabled == after.Enabled && before.Platform == after.Platform && before.Severities.SequenceEqual(after.Severities)
        && (before.TitleContains, before.SubscriptionId, before.ResourceGroup, before.ResourceType, before.Resource) == (after.TitleContains, after.SubscriptionId, after.ResourceGroup, after.ResourceType, after.Resource);
}
