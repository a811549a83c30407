using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>Emergency stop, its end, and the agent's default. What tightens is in force with the answer; what raises asks for a confirmation first.</summary>
internal sealed class ControlChanges(ChatTables tables, Tightening tightening, EmergencyStop stop, Confirmations confirmations, AutonomyBudget budget) : IChange
{
    private const int MostPlansNamed = 8;
    private static readonly CardText Raced = CardText.Of($"Somebody else changed this a moment ago. Nothing was changed; please look and say it again.");

    public bool Changes(Command command) => command is Command.SetDefault or Command.Stop or Command.Start;

    public Task<CardText?> Run(ITransaction transaction, Said said) => said.Command switch
    {
        Command.SetDefault set => SetDefault(transaction, set.Mode, said.Asker),
        Command.Stop => Stop(transaction, said.Asker),
        _ => Start(transaction, said.Asker),
    };

    private async Task<CardText?> SetDefault(ITransaction transaction, RunMode mode, Asker asker)
    {
        var control = await tables.Plans.HoldControl(transaction);
        switch (Authority.OfDefault(control.DefaultMode, mode))
        {
            case Change.None:
                return CardText.Of($"The default is {mode.ToString()} already. Nothing was changed.");
            case Change.Tightens:
                return await tightening.DefaultToReview(transaction, control, Actor(asker.By), $"in {asker.Where.Id}")
                    ? CardText.Of($"Default: Autonomous → **Review**, in force now for every plan that stores no mode of its own. What was approved or cleared but had not begun asks again.")
                    : Raced;
            default:
                await confirmations.Ask(transaction, new(ConfirmedChange.DefaultMode, null, control.Version, OfDefault(await tables.Plans.All(transaction), control)), asker);
                return null;
        }
    }

    private async Task<CardText?> Stop(ITransaction transaction, Asker asker) => await stop.Stop(transaction, asker.By, asker.Where.Id) switch
    {
        null => Raced,
        (var now, false, _, _) => CardText.Of($"The emergency stop is on already, pressed by {CardText.Outside(now.StoppedBy, 80)}. An Administrator ends it with `start`."),
        (_, _, var blocked, var executing) => CardText.Of(
            $"**Stopped.** No change starts until an Administrator writes `start`. Blocked: {blocked}; already sent to Azure and followed to their end: {executing}."),
    };

    private async Task<CardText?> Start(ITransaction transaction, Asker asker)
    {
        var control = await tables.Plans.HoldControl(transaction);
        if (!control.Stopped)
        {
            return CardText.Of($"The emergency stop is not on. Nothing was changed.");
        }

        await confirmations.Ask(transaction, new(ConfirmedChange.Start, null, control.Version, OfStart(control)), asker);
        return null;
    }

    private ConfirmationText OfDefault(IReadOnlyList<ResponsePlan> plans, Control control)
    {
        var following = plans.Where(p => p.Mode is null).Select(p => p.Name).ToList();
        var named = following.Count == 0
            ? "Today every plan stores a mode of its own; plans that store none will follow"
            : $"Plans that follow the default: {string.Join(", ", following.Take(MostPlansNamed))}{(following.Count > MostPlansNamed ? $" and {following.Count - MostPlansNamed} more" : "")}";
        return new("Set the default to Autonomous", (control.DefaultMode ?? RunMode.Review).ToString(), nameof(RunMode.Autonomous),
            [named, .. PlanWords.Unasked("under these plans")], PlanWords.Asked(budget));
    }

    private static ConfirmationText OfStart(Control control) => new(
        "End the emergency stop", $"Stopped by {control.StoppedBy}", "Running",
        ["Changes of Autonomous plans run again without asking, from the next alert on"],
        ["What the stop blocked, and what was decided before or during it: it is looked at again and asks for approval anew", "Everything in Review mode"]);

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
