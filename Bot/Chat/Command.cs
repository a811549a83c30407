using RunModes.Bot.Gate;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>What a name names. Any: nobody said, and plans and tasks share one namespace, so that the name decides.</summary>
internal enum Thing { Any = 0, Plan, Task }

/// <summary>What a person asked for. A closed set: text that is none of these changes nothing.</summary>
internal abstract partial record Command
{
    private Command() { }

    /// <summary>
    /// The least role, and what it is needed for; a change may need more, depending on what it changes. Asked again once it is known whether a
    /// name is a plan's or a task's.
    /// </summary>
    public (Role Least, string Doing) Needs => this switch
    {
        Help or WhoAmI or Unknown => (Role.None, "ask"),
        SetMode { Mode: RunMode.Review } or SetDefault { Mode: RunMode.Review } => (Role.StandardUser, "set a run mode to Review"),
        SetMode or SetDefault => (Role.Administrator, "set a run mode to Autonomous"),
        Stop => (Role.StandardUser, "press the emergency stop"),
        Start => (Role.Administrator, "end the emergency stop"),
        UseChannel => (Role.Administrator, "choose where approvals are asked"),
        Pause { Kind: Thing.Plan } => (Role.Administrator, "pause a plan, since its alerts may fall to another"),
        Pause => (Role.StandardUser, "pause a task"),
        Resume => (Role.Administrator, "resume a plan or a task"),
        Create => (Role.Administrator, "create plans and tasks"),
        Edit => (Role.Administrator, "edit plans and tasks"),
        Delete => (Role.Administrator, "delete plans and tasks"),
        RunTask => (Role.Administrator, "run a task now"),
        TestPlan => (Role.Administrator, "test a plan"),
        Investigate => (Role.StandardUser, "have a resource investigated"),
        ProposeRestart or ProposeAz or ProposeKubectl => (Role.StandardUser, "propose an operation"),
        _ => (Role.Reader, "see this"),
    };

    /// <summary>Changes something: runs in one transaction with its answer.</summary>
    public bool Changes => this is SetMode or SetDefault or Stop or Start or UseChannel or Pause or Resume or Create or Edit or Delete or RunTask
        or Investigate or ProposeRestart or ProposeAz or ProposeKubectl;

    /// <summary>A tightening: in a team that names no Standard Users, whoever writes in a channel may do it.</summary>
    public bool Tightens => this is Stop or SetMode { Mode: RunMode.Review } or SetDefault { Mode: RunMode.Review } or Pause { Kind: not Thing.Plan };

    /// <summary>As an audit line names it; never what a person typed beside it.</summary>
    public string Word => GetType().Name;
}
