namespace RunModes.Bot.Plans;

/// <summary>A task as it was and as it shall be, like <see cref="PlanEdit"/>: the revision of <paramref name="Before"/> guards the change. Ticks meanwhile are no change.</summary>
/// <param name="Before">Null: it is created.</param>
/// <param name="After">Null: it is deleted; its name stays taken for settings.</param>
internal sealed record TaskEdit(ScheduledTask? Before, ScheduledTask? After)
{
    /// <summary>
    /// What lets an operation run that asked before, or that nobody asked for, is confirmed on a card; and so is what cannot be taken back. A task that
    /// can only post proceeds nowhere: an Administrator says it, and that is enough.
    /// </summary>
    public bool NeedsConfirmation => this is { After: null } || (After is { HasOperations: true } && !Authority.OnlyMoves(this))
        || (After is { Mode: { } mode } && Authority.OfMode(Before?.Mode, mode) == Change.Raises && Before is not null);

    /// <summary>As it shall be, with how it went so far as it is stored now.</summary>
    /// <param name="schedule">The schedule as it shall be.</param>
    public ScheduledTask? On(ScheduledTask? stored, Schedule schedule, DateTimeOffset now)
    {
        if (After is not { } after || stored is null)
        {
            return After is { } created ? created with { Revision = 1, DueAt = created.NextDue(schedule, now) } : null;
        }

        var resumed = Before is { Failed: true } && !after.Failed;
        after = after with
        {
            Runs = stored.Runs, FailuresInARow = resumed ? 0 : stored.FailuresInARow, Failed = !resumed && stored.Failed, LastRun = stored.LastRun, LastIncident = stored.LastIncident,
            Version = stored.Version, Revision = stored.Revision + 1,
        };
        // What is due already stays due where nothing said otherwise; what was missed while it was off is not made up for.
        var same = after.Cron == stored.Cron && after.Enabled == stored.Enabled && after.Failed == stored.Failed && after.Until == stored.Until && after.RunLimit == stored.RunLimit;
        return after with { DueAt = same ? stored.DueAt : after.NextDue(schedule, now) };
    }
}
