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
    public async Task<Investigated> Use(Run run, ResponsePlan plan, Investigated investigated, CancellationToken cancellation)
    {
        var finding = investigated.Finding;
        List<Evidence> evidence = [];
        List<ToolPost> posts = [];
        for (var i = 0; i < plan.Tools.Count; i++)
        {
            var named = $"tool {i + 1} of {plan.Tools.Count} of plan {plan.Name}";
            if (!ToolStep.TryRead(plan.Tools[i], out var step, out var problem))
            {
                evidence.Add(new("Not done", $"{named} cannot be read: {problem ?? "it is no tool"}"));
                continue;
            }

            var used = await toolbox.Use(
                new(step, plan.Name, run.Subject, i + 1, named) { Found = step.IsMessage ? $"I found that {finding.Present.TrimEnd('.')}. ({run.Subject})" : "" }, cancellation);
            evidence.Add(!used.Done ? new("Not done", used.Words) : step.IsMessage || used.Gave is null ? new("Told", used.Words) : used.Gave);
            if (used.Post is { } post)
            {
                posts.Add(post);
            }
        }

        return investigated with { Finding = finding with { Evidence = [.. finding.Evidence, .. evidence] }, Posts = posts };
    }
}
