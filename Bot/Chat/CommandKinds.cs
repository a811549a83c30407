using RunModes.Bot.Cards;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Chat;

internal abstract partial record Command
{
    /// <summary>Says which plan or task it is about. <see cref="Names"/> finds out which of the two, before anybody answers.</summary>
    public abstract record Named(Thing Kind, string Name) : Command;

    public sealed record Help : Command;

    public sealed record WhoAmI : Command;

    public sealed record Approvers : Command;

    public sealed record AllPlans : Command;

    public sealed record AllTasks : Command;

    public sealed record Describe(Thing Kind, string Name) : Named(Kind, Name);

    /// <summary>Which mode, and where it comes from.</summary>
    public sealed record ModeOf(Thing Kind, string Name) : Named(Kind, Name);

    public sealed record ModeOfDefault : Command;

    public sealed record Pending : Command;

    public sealed record History(string? Plan) : Command;

    public sealed record Unmatched : Command;

    public sealed record Hooks : Command;

    public sealed record Health : Command;

    /// <param name="Plan">Null: of all.</param>
    public sealed record Insights(string? Plan) : Command;

    public sealed record SetMode(Thing Kind, string Name, RunMode Mode) : Named(Kind, Name);

    public sealed record SetDefault(RunMode Mode) : Command;

    public sealed record Stop : Command;

    public sealed record Start : Command;

    public sealed record Pause(Thing Kind, string Name) : Named(Kind, Name);

    public sealed record Resume(Thing Kind, string Name) : Named(Kind, Name);

    /// <param name="Kind">Plan or Task; a name that does not exist yet cannot tell.</param>
    /// <param name="Name">Null: the form asks.</param>
    public sealed record Create(Thing Kind, string? Name) : Command;

    public sealed record Edit(Thing Kind, string Name) : Named(Kind, Name);

    public sealed record Delete(Thing Kind, string Name) : Named(Kind, Name);

    public sealed record RunTask(string Task) : Named(Thing.Task, Task);

    public sealed record TestPlan(string Plan) : Named(Thing.Plan, Plan);

    /// <param name="Plan">Null: for everything that has no channel of its own.</param>
    public sealed record UseChannel(string? Plan) : Command;

    /// <param name="Resource">A full resource id or a name, as typed.</param>
    public sealed record Investigate(string Resource) : Command;

    public sealed record ProposeRestart(string App) : Command;

    /// <param name="Arguments">What followed "az", byte for byte: nothing of it is corrected.</param>
    public sealed record ProposeAz(string Arguments) : Command;

    /// <param name="Arguments">What followed "kubectl", byte for byte.</param>
    public sealed record ProposeKubectl(string Arguments) : Command;

    public sealed record Practice(string Scenario) : Command;

    /// <param name="Nearest">Commands that were perhaps meant; ours, never a person's text.</param>
    /// <param name="Accepted">What would have been read where something else was written; empty when it resembles nothing.</param>
    public sealed record Unknown(IReadOnlyList<string> Nearest, CardText Accepted = default) : Command;
}
