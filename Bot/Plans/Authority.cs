using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>Whether an edit makes something proceed that asked or stopped before. When in doubt it does.</summary>
internal enum Change { Raises = 0, Tightens, None }

/// <summary>What raises autonomy is an Administrator's, by confirmation; lowering is anybody's who may steer at all.</summary>
internal static class Authority
{
    /// <summary>
    /// Storing Autonomous on a plan that follows the agent's default raises even where that default is Autonomous today: a later lowering of
    /// the default would no longer reach the plan.
    /// </summary>
    public static Change OfMode(RunMode? before, RunMode after) => (before, after) switch
    {
        (RunMode.Review, RunMode.Review) or (RunMode.Autonomous, RunMode.Autonomous) => Change.None,
        (_, RunMode.Review) => Change.Tightens,
        _ => Change.Raises,
    };

    /// <summary>A default that was never set is Review already.</summary>
    public static Change OfDefault(RunMode? before, RunMode after) => OfMode(before ?? RunMode.Review, after);

    /// <summary>Any field but the mode may make an alert fall to another plan, or be acted on sooner, elsewhere or more often.</summary>
    public static Change OfPlan(ResponsePlan before, ResponsePlan after)
    {
        if (!SameButMode(before, after) || (before.Mode is not null && after.Mode is null))
        {
            return Change.Raises;
        }

        return after.Mode is { } mode ? OfMode(before.Mode, mode) : Change.None;
    }

    /// <summary>One that is created takes alerts that nobody acted on; one that is deleted leaves its alerts to another.</summary>
    public static Change OfEdit(PlanEdit edit) => edit is { Before: { } before, After: { } after } ? OfPlan(before, after) : Change.Raises;

    /// <summary>Nothing but where it asks: announced where it is missed, and not confirmed.</summary>
    public static bool OnlyMoves(PlanEdit edit) => edit is { Before: { } before, After: { } after } && before.Channel != after.Channel && OfPlan(before, after with { Channel = before.Channel }) == Change.None;

    /// <summary>A mode that is lowered, and a task that is paused: anybody's who may steer. Whatever else differs is an Administrator's.</summary>
    public static Change OfTask(TaskEdit edit)
    {
        if (edit is not { Before: { } before, After: { } after })
        {
            return Change.Raises;
        }

        var paused = before.Enabled && !after.Enabled;
        if (!SameButMode(before, after with { Enabled = paused || after.Enabled == before.Enabled ? before.Enabled : after.Enabled }) || (before.Mode is not null && after.Mode is null))
        {
            return Change.Raises;
        }

        var mode = after.Mode is { } set ? OfMode(before.Mode, set) : Change.None;
        return mode == Change.Raises ? Change.Raises : paused ? Change.Tightens : mode;
    }

    /// <summary>Nothing but where it posts and asks: announced where it is missed, and not confirmed.</summary>
    public static bool OnlyMoves(TaskEdit edit) => edit is { Before: { } before, After: { } after } && before.Channel != after.Channel && OfTask(new(before, after with { Channel = before.Channel })) == Change.None;

    private static bool SameButMode(ScheduledTask before, ScheduledTask after) => before.Steps.SequenceEqual(after.Steps) && WhatPeopleSet(before) == WhatPeopleSet(after);

    /// <summary>Without how it went, and without what has been compared otherwise.</summary>
    private static ScheduledTask WhatPeopleSet(ScheduledTask task) =>
        task with { Mode = null, Steps = [], Runs = 0, FailuresInARow = 0, LastRun = null, LastIncident = null, DueAt = null, Version = 0, Revision = 0, Edited = null };

    public static bool Raises(ResponsePlan before, ResponsePlan after) => OfPlan(before, after) == Change.Raises;

    private static bool SameButMode(ResponsePlan before, ResponsePlan after) =>
        Lists(before).Zip(Lists(after)).All(pair => pair.First.SequenceEqual(pair.Second)) && before.Escalation.SequenceEqual(after.Escalation) && WithoutLists(before) == WithoutLists(after);

    /// <summary>Lists are equal by what they hold, which a record's own comparison does not see.</summary>
    private static IReadOnlyList<string>[] Lists(ResponsePlan plan) => [plan.Severities, plan.TitleContainsAll, plan.TitleContainsAny, plan.TitleNot, plan.Runbooks, plan.Tools];

    private static ResponsePlan WithoutLists(ResponsePlan plan) =>
        plan with { Mode = null, Version = 0, Edited = null, Severities = [], TitleContainsAll = [], TitleContainsAny = [], TitleNot = [], Runbooks = [], Tools = [], Escalation = [] };
}
