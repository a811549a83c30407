using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>Plans and their modes, never a mode without where it comes from.</summary>
internal sealed class PlansShown(ChatTables tables, AgentSettings agent) : IShow
{
    private const int MostPlans = 40;
    private const int MostOverlaps = 5;

    public bool Shows(Command command) => command is Command.AllPlans or Command.Describe { Kind: Thing.Plan } or Command.ModeOf { Kind: Thing.Plan } or Command.ModeOfDefault;

    public Task<CardText> Show(Said said, CancellationToken cancellation) => tables.Ledger.Read(
        t => said.Command switch
        {
            Command.Describe plan => OnePlan(t, plan.Name),
            Command.ModeOf plan => ModeOf(t, plan.Name),
            Command.ModeOfDefault => ModeOfDefault(t),
            _ => Plans(t),
        },
        cancellation);

    private async Task<CardText> Plans(ITransaction transaction)
    {
        var control = await tables.Plans.ReadControl(transaction);
        var plans = await tables.Plans.All(transaction);
        return CardText.Join("\n",
        [
            OfDefault(control),
            plans.Count == 0 ? CardText.Of($"\nThere are no plans, so every alert is listed as unmatched.") : CardText.Of($"\n{CardText.Join("\n", plans.Take(MostPlans).Select(p => PlanWords.Line(p, control)))}"),
            More(plans.Count, MostPlans),
        ]);
    }

    private async Task<CardText> OnePlan(ITransaction transaction, string name)
    {
        if (await tables.Plans.Find(transaction, name.ToLowerInvariant()) is not { } plan)
        {
            return Gone(name);
        }

        var control = await tables.Plans.ReadControl(transaction);
        var channel = plan.Channel is { } id ? await tables.Conversations.Find(transaction, id) : null;
        var place = plan.Channel is null ? CardText.Of($"the default channel") : channel is null ? CardText.Of($"a channel that the bot cannot reach") : PlanWords.Place(channel);
        List<CardText> lines =
        [
            CardText.Of($"**{CardText.Outside(plan.Name, 64)}**"),
            CardText.Of($"- **Run mode**: {PlanWords.ModeOf(plan, control).ToString()}"),
            CardText.Of($"- **State**: {(plan.Enabled ? "enabled" : "paused")}"),
            CardText.Of($"- **Takes**: {PlanWords.Filter(plan)}"),
            .. await Overlaps(transaction, plan, control),
            CardText.Of($"- **Asks in**: {place}, for {Words.Span(plan.ApprovalExpiry ?? agent.ApprovalExpiry)}"),
            CardText.Of($"- **If nobody answers**: a reminder at half of that time, another at three quarters{(plan.Escalation.Count == 0 ? CardText.Empty : CardText.Of($" that mentions {CardText.Join(", ", plan.Escalation.Take(10).Select(c => CardText.Outside(c.Name, 80)))}"))}"),
            CardText.Of($"- **Posts**: {(plan.Digest ? "Sev2 and milder in one thread a day, Sev0 and Sev1 in a post each" : "one for each incident")}"),
            CardText.Of($"- **Runbooks**: {(plan.Runbooks.Count == 0 ? "all that fit" : string.Join(", ", plan.Runbooks))}"),
            CardText.Of($"- **Tools**: {(plan.Tools.Count == 0 ? "none" : string.Join("; ", plan.Tools))}"),
            CardText.Of($"- **Scales out**: {(plan.MaxInstances is { } most ? CardText.Of($"up to {most} instances, one at a time") : CardText.Of($"never: no maximum is stored (MaxInstances)"))}"),
            CardText.Of($"- **Attempts**: {plan.Attempts} investigations of one incident, then people take over"),
            CardText.Of($"- **Merging**: {(plan.MergeEnabled ? $"firings of one rule and target within {Words.Span(plan.MergeWindow)}" : "off")}"),
            CardText.Of($"- **Instructions**: {(plan.Instructions.Length == 0 ? CardText.Of($"none") : CardText.Outside(plan.Instructions, 1500))}"),
            plan.Edited is { } edited ? CardText.Of($"- **Changed last**: by {CardText.Outside(edited.By.Name, 80)}, {PlanWords.At(edited.At)}") : CardText.Empty,
            CardText.Of($"\nInstructions are shown to approvers and not interpreted until a model investigates."),
        ];
        return CardText.Join("\n", lines);
    }

    /// <summary>Whoever wonders why an alert went elsewhere reads it here.</summary>
    private async Task<IReadOnlyList<CardText>> Overlaps(ITransaction transaction, ResponsePlan plan, Control control)
    {
        var never = PlanFilterCheck.Problems(plan);
        if (never.Count > 0)
        {
            return [CardText.Of($"- **Never matches**: {CardText.Join("; ", never.Take(3).Select(n => CardText.Outside($"{n.Field} {n.Problem}", 300)))}")];
        }

        var others = SharedAlerts.Others(plan, await tables.Plans.All(transaction), control.DefaultMode);
        return others.Count == 0 ? [] : [CardText.Of($"- **Shares alerts with**: {CardText.Join("; ", others.Take(MostOverlaps).Select(o => Overlap(plan, o, control)))}{More(others.Count, MostOverlaps)}")];
    }

    private static CardText Overlap(ResponsePlan plan, ResponsePlan other, Control control)
    {
        var wins = SharedAlerts.Wins(plan, other, control.DefaultMode);
        return CardText.Of($"plan {CardText.Outside(other.Name, 64)} ({PlanWords.ModeOf(other, control).Mode.ToString()}), where {(wins.First ? CardText.Of($"this plan") : CardText.Of($"that plan"))} wins: {wins.Why}");
    }

    private async Task<CardText> ModeOf(ITransaction transaction, string name) => await tables.Plans.Find(transaction, name.ToLowerInvariant()) is { } plan
        ? CardText.Of($"Plan {CardText.Outside(plan.Name, 64)}: **{PlanWords.ModeOf(plan, await tables.Plans.ReadControl(transaction)).ToString()}**{(plan.Enabled ? CardText.Empty : CardText.Of($", but it is paused"))}.")
        : Gone(name);

    private async Task<CardText> ModeOfDefault(ITransaction transaction) => OfDefault(await tables.Plans.ReadControl(transaction));

    private static CardText OfDefault(Control control) => CardText.Of(
        $"Default mode: **{(control.DefaultMode ?? RunMode.Review).ToString()}**{(control.DefaultMode is null ? CardText.Of($" (never set)") : CardText.Empty)}. It applies to plans that store none.");

    /// <summary>Deleted since its name was looked up.</summary>
    private static CardText Gone(string name) => CardText.Of($"There is no plan {CardText.Outside(name, 64)} any more.");

    private static CardText More(int count, int shown) => count > shown ? CardText.Of($"- and {count - shown} more") : CardText.Empty;
}
