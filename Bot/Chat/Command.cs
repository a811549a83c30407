using RunModes.Bot.Gate;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>What a person asked for. A closed set: text that is none of these changes nothing.</summary>
internal abstract record Command
{
    private Command() { }

    /// <summary>The least role, and what it is needed for; a change of mode may need more, depending on what it changes.</summary>
    public (Role Least, string Doing) Needs => this switch
    {
        Help or WhoAmI or Unknown => (Role.None, "ask"),
        SetMode { Mode: RunMode.Review } => (Role.StandardUser, "set a run mode to Review"),
        SetMode => (Role.Administrator, "set a run mode to Autonomous"),
        Stop => (Role.StandardUser, "press the emergency stop"),
        Start => (Role.Administrator, "end the emergency stop"),
        UseChannel => (Role.Administrator, "choose where approvals are asked"),
        _ => (Role.Reader, "see this"),
    };

    /// <summary>Changes something: runs in one transaction with its answer.</summary>
    public bool Changes => this is SetMode or Stop or Start or UseChannel;

    /// <summary>A tightening: in a team that names no Standard Users, whoever writes in a channel may do it.</summary>
    public bool Tightens => this is Stop or SetMode { Mode: RunMode.Review };

    public sealed record Help : Command;

    public sealed record WhoAmI : Command;

    public sealed record Approvers : Command;

    public sealed record AllPlans : Command;

    public sealed record OnePlan(string Name) : Command;

    public sealed record Pending : Command;

    public sealed record History(string? Plan) : Command;

    public sealed record Unmatched : Command;

    public sealed record Health : Command;

    /// <param name="Plan">Null: the agent's default.</param>
    public sealed record SetMode(string? Plan, RunMode Mode) : Command;

    public sealed record Stop : Command;

    public sealed record Start : Command;

    /// <param name="Plan">Null: for everything that has no channel of its own.</param>
    public sealed record UseChannel(string? Plan) : Command;

    public sealed record Practice(string Scenario) : Command;

    /// <param name="Nearest">Commands that were perhaps meant; ours, never a person's text.</param>
    public sealed record Unknown(IReadOnlyList<string> Nearest) : Command;
}
