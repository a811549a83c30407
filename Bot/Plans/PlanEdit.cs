using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>A plan as it was and as it shall be. Only whoever knows what it was may say what it becomes: the version of <paramref name="Before"/> guards the change.</summary>
/// <param name="Before">Null: it is created.</param>
/// <param name="After">Null: it is deleted; its name stays taken for settings.</param>
internal sealed record PlanEdit(ResponsePlan? Before, ResponsePlan? After);

/// <summary>Who changed it last, in chat.</summary>
internal sealed record PlanEditor(Who By, DateTimeOffset At);
