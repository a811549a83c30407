using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>One line of help. The example says which role it needs, and whether anybody answers it.</summary>
internal sealed record HelpLine(Command Example, CardText Says);

/// <summary>All commands, by the role they need. A line is shown when somebody answers what it says, so help promises nothing.</summary>
internal static class HelpText
{
    private const string Name = "x";

    /// <summary>A test holds what stands in them against the parser and the roles. Names are in capitals: angle brackets are no text in every client.</summary>
    public static IReadOnlyList<HelpLine> Lines { get; } =
    [
        new(new Command.AllPlans(), CardText.Of($"`plans`, `plan NAME`: response plans, their run modes and where these come from")),
        new(new Command.AllTasks(), CardText.Of($"`tasks`, `task NAME`: scheduled tasks, their run modes and when they run next")),
        new(new Command.ModeOf(Thing.Plan, Name), CardText.Of($"`what mode is NAME in?`: one mode, and where it comes from")),
        new(new Command.Pending(), CardText.Of($"`pending`: operations that wait for a decision")),
        new(new Command.History(null), CardText.Of($"`history`, `history PLAN`: what was done, and who decided")),
        new(new Command.Insights(null), CardText.Of($"`insights`, `insights PLAN`: how often it was approved or denied, and whether it helped")),
        new(new Command.Unmatched(), CardText.Of($"`unmatched`: alerts that no plan took")),
        new(new Command.Hooks(), CardText.Of($"`hooks`: the rules round every tool, and what they said last")),
        new(new Command.Health(), CardText.Of($"`health`: what works and what does not")),
        new(new Command.Approvers(), CardText.Of($"`whoami`, `who can approve?`: who may do what")),
        new(new Command.Stop(), CardText.Of($"`stop`: halts every change at once")),
        new(new Command.SetDefault(RunMode.Review), CardText.Of($"`set NAME to review`, `set default to review`: asks before every change, from now on")),
        new(new Command.Pause(Thing.Task, Name), CardText.Of($"`pause task NAME`: until it is resumed")),
        new(new Command.Investigate(Name), CardText.Of($"`investigate RESOURCE`: looks at it now; whatever is proposed asks first")),
        new(new Command.ProposeRestart(Name), CardText.Of($"`propose restart APP`: asks an Administrator")),
        new(new Command.ProposeAz(Name), CardText.Of($"`propose az …`: one Azure command, written out; asks an Administrator")),
        new(new Command.ProposeKubectl(Name), CardText.Of($"`propose kubectl …`: one Kubernetes command, written out; asks an Administrator")),
        new(new Command.SetDefault(RunMode.Autonomous), CardText.Of($"`set NAME to autonomous`, `set default to autonomous`: acts without asking, after a confirmation")),
        new(new Command.Start(), CardText.Of($"`start`: ends the stop, after a confirmation")),
        new(new Command.Pause(Thing.Plan, Name), CardText.Of($"`pause plan NAME`, `resume plan NAME`, `delete plan NAME`: after a confirmation that says which plan takes its alerts")),
        new(new Command.Resume(Thing.Task, Name), CardText.Of($"`resume task NAME`: from its next time on")),
        new(new Command.Delete(Thing.Task, Name), CardText.Of($"`delete task NAME`: after a confirmation")),
        new(new Command.Create(Thing.Plan, null), CardText.Of($"`create plan NAME`, `edit plan NAME`: by a form")),
        new(new Command.Create(Thing.Task, null), CardText.Of($"`create task NAME`, `edit task NAME`: by a form")),
        new(new Command.RunTask(Name), CardText.Of($"`run TASK`: now; what it proposes asks first")),
        new(new Command.TestPlan(Name), CardText.Of($"`test PLAN`: which past incidents it would have taken, and what it would have proposed")),
        new(new Command.UseChannel(null), CardText.Of($"`use this channel`, `use this channel for NAME`: where approvals are asked")),
    ];

    /// <param name="isAnswered">Whether this version answers a command.</param>
    public static CardText Of(Func<Command, bool> isAnswered, bool practice)
    {
        var shown = Lines.Where(l => isAnswered(l.Example)).ToList();
        return CardText.Join("\n\n",
        [
            Section(CardText.Of($"**Anybody here**"), shown, Role.Reader),
            Section(CardText.Of($"**Standard Users**"), shown, Role.StandardUser),
            Section(CardText.Of($"**Administrators**, besides Approve and Deny on a card"), shown, Role.Administrator),
            practice ? CardText.Of($"**Practice**\n\n- `practice prod`, `practice staging`, `practice stuck`: raise a sample alert") : CardText.Empty,
            CardText.Of($"Say it in your words: \"make staging autonomous\" does as well. Quote a name that holds spaces. `stop` and `start` count only as the whole message."),
        ]);
    }

    private static CardText Section(CardText title, IReadOnlyList<HelpLine> lines, Role role)
    {
        var ofRole = lines.Where(l => l.Example.Needs.Least == role).Select(l => CardText.Of($"- {l.Says}")).ToList();
        return ofRole.Count == 0 ? CardText.Empty : CardText.Of($"{title}\n\n{CardText.Join("\n", ofRole)}");
    }
}
