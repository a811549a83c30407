using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>Steps of tasks that use a tool no mode gates. What is posted goes out with the write that ends the run.</summary>
internal sealed class ToolSteps(Toolbox toolbox, TimeProvider clock)
{
    /// <summary>Steps of tools here, all others as before.</summary>
    public TaskWork Around(TaskWork others) => new(others.Does, (passage, cancellation) =>
        passage.Steps is [var text, ..] && ToolStep.TryRead(text, out var step, out _) && IsStanding(passage) ? Use(step, passage, cancellation) : others.Look(passage, cancellation));

    /// <summary>An edit of the steps ends what was begun by the old ones; that is told where it is told of all steps.</summary>
    private static bool IsStanding(TaskPassage passage) => passage.Task.Steps.TakeLast(passage.Steps.Count).SequenceEqual(passage.Steps, StringComparer.Ordinal);

    private async Task<Investigated> Use(ToolStep step, TaskPassage passage, CancellationToken cancellation)
    {
        var number = passage.Task.Steps.Count - passage.Steps.Count + 1;
        var used = await toolbox.Use(new(step, passage.Task.Name, passage.Incident.Subject, number, $"step {number} of {passage.Task.Steps.Count} of task {passage.Task.Name}"), cancellation);
        var finding = new Finding(
            used.Done ? Conclusion.Informed : Conclusion.CouldNotTell, passage.Task.Name, used.Words, $"that {used.Words}", used.Gave is { } gave ? [gave] : [], Symptom: null, clock.GetUtcNow());
        return new(finding, Remedy: null) { Posts = used.Post is { } post ? [post] : [], Report = used.Logs is { } logs ? new(Logs: logs) : null };
    }
}
