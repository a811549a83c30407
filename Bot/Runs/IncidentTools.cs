using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// The tools of a response plan, used once an incident of it was investigated: what they read is evidence beside the finding, what they send says the
/// finding. They change neither the finding's conclusion nor what is proposed, and nothing in an alert chooses a word of where they go.
/// </summary>
internal sealed class IncidentTools(Toolbox toolbox)
{
    /// <summary>All at once: people wait for the card.</summary>
    public async Task<Investigated> Use(Run run, ResponsePlan plan, Investigated investigated, CancellationToken cancellation)
    {
        var finding = investigated.Finding;
        var used = await Task.WhenAll(plan.Tools.Select((line, i) => Use(line, i + 1, run, plan, finding, cancellation)));
        return investigated with { Finding = finding with { Evidence = [.. finding.Evidence, .. used.Select(u => u.Evidence)] }, Posts = [.. used.Select(u => u.Post).OfType<ToolPost>()] };
    }

    private async Task<(Evidence Evidence, ToolPost? Post)> Use(string line, int number, Run run, ResponsePlan plan, Finding finding, CancellationToken cancellation)
    {
        var named = $"tool {number} of {plan.Tools.Count} of plan {plan.Name}";
        if (!ToolStep.TryRead(line, out var step, out var problem))
        {
            return (new("Not done", $"{named} cannot be read: {problem ?? "it is no tool"}"), null);
        }

        var use = new ToolUse(step, plan.Name, run.Subject, number, named) { Found = step.IsMessage ? $"I found that {finding.Present.TrimEnd('.')}. ({run.Subject})" : "" };
        var used = await toolbox.Use(use, cancellation);
        return (!used.Done ? new("Not done", used.Words) : step.IsMessage || used.Gave is null ? new("Told", used.Words) : used.Gave, used.Post);
    }
}
