using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>The standing instructions behind a run and what it proposes: a plan's, a task's, or (a person asked in chat) nobody's.</summary>
/// <param name="Plan">Null also when the plan was deleted; so it is with <paramref name="Task"/>.</param>
internal sealed record Mandate(ResponsePlan? Plan, ScheduledTask? Task)
{
    public static Mandate None { get; } = new(null, null);

    public string? Channel => Plan?.Channel ?? Task?.Channel;

    public string Instructions => Plan?.Instructions ?? Task?.Instructions ?? "";

    public EffectiveMode ModeUnder(Control control) => Gate.RunModes.Resolve(Plan?.Mode, Plan?.Name, Task?.Mode, Task?.Name, control.DefaultMode);

    /// <summary>"plan prod-web"; empty when there is none.</summary>
    public override string ToString() => Plan is { } plan ? $"plan {plan.Name}" : Task is { } task ? $"task {task.Name}" : "";
}
