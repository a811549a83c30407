using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What a run of a task is about.</summary>
/// <param name="Steps">Those still to do, this run's first; fixed when the task began.</param>
internal sealed record TaskPassage(ScheduledTask Task, Incident Incident, IReadOnlyList<string> Steps);

internal delegate Task<Investigated> LookForTask(TaskPassage passage, CancellationToken cancellation);

/// <summary>One thing that tasks do. Looked at outside any transaction, and reads only: what it would change is a remedy, which meets the gate like a runbook's.</summary>
internal sealed record TaskWork(Does Does, LookForTask Look);

/// <summary>Picks by what the task does, from a closed list.</summary>
internal sealed class TaskInvestigator(IEnumerable<TaskWork> works, StepRules rules, TimeProvider clock)
{
    private readonly Dictionary<Does, LookForTask> _looks = works.ToDictionary(w => w.Does, w => w.Look);

    public bool Runs(Does does) => _looks.ContainsKey(does);

    /// <summary>What a literal step is about; null: it is about nothing that Azure knows, or cannot be read any more.</summary>
    public ResourceId? TargetOf(string step) => CommandStep.TryRead(step, rules, out var command, out _) ? command.Read.Target : TaskStep.TryRead(step, out var plain, out _) ? plain.Target : null;

    /// <param name="standing">The task as it is stored now; null: it was deleted since.</param>
    public Task<Investigated> Investigate(Incident incident, ScheduledTask? standing, IReadOnlyList<string> steps, CancellationToken cancellation) => standing switch
    {
        null => Ended(Conclusion.Gone, incident, "was deleted before it ran; nothing was done"),
        { Enabled: false } => Ended(Conclusion.Gone, incident, "was paused before it ran; nothing was done"),
        _ when _looks.TryGetValue(standing.Does, out var look) => look(new(standing, incident, steps), cancellation),
        _ => Ended(Conclusion.CouldNotTell, incident, $"does {standing.Does}, which this version does not run"),
    };

    private Task<Investigated> Ended(Conclusion conclusion, Incident incident, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, incident.Rule, $"task {incident.Rule} {words}", $"that task {incident.Rule} {words}", [], Symptom: null, clock.GetUtcNow()), Remedy: null));
}
