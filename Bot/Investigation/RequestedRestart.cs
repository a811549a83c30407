using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// A person proposes to restart an app. The symptom is not asked for; everything else is looked at as for an alert, and what was measured stands on
/// the card, whether it calls for a restart or speaks against it.
/// </summary>
internal sealed class RequestedRestart(AppServiceSignals signals, AzureContext agent, TimeProvider clock)
{
    private const string NothingToDo = "; nothing to do";
    private const string OnRequest = "; a person asked for the restart";

    /// <summary>Before the others in the list: they fit too, and look for a symptom.</summary>
    public Runbook Runbook => new("restart-on-request", (incident, target) => ChatIncident.WantsRestart(incident) && target.IsOfType(AppServiceSlowRunbook.SiteType), Investigate);

    private async Task<Investigated> Investigate(ResourceId target, Allowed allowed, CancellationToken cancellation)
    {
        var answer = await signals.Site(target, cancellation);
        return await answer.Match(
            body => About(body, target, cancellation),
            (_, _) => Ended(Conclusion.Gone, target, $"{target.Name} does not exist or is hidden from the agent"),
            (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read {target.Name}; grant it Reader on it, or on its resource group"),
            reason => Ended(Conclusion.CouldNotTell, target, $"{target.Name} could not be looked at: {reason.TrimEnd('.')}"));
    }

    private async Task<Investigated> About(JsonElement body, ResourceId target, CancellationToken cancellation)
    {
        if (AppServiceSignals.Parse(body, target) is not { } site)
        {
            return await Ended(Conclusion.CouldNotTell, target, $"Azure's answer about {target.Name} could not be understood");
        }

        if (AppServiceRunbooks.Other(site.Kind) is { } other)
        {
            return await Ended(Conclusion.NoRunbook, target, $"{site.Name} is a {other}, and this agent restarts web apps only");
        }

        if (!site.Enabled || !site.State.Equals("Running", StringComparison.OrdinalIgnoreCase))
        {
            return await Ended(Conclusion.OtherCause, target, $"{site.Name} is {(site.Enabled ? site.State.Plain(30).ToLowerInvariant() : "disabled")}, and a restart would not start it");
        }

        var read = await signals.About(site, clock.GetUtcNow(), cancellation);
        return Judge(read, AppServiceSlowRunbook.Judge(read, body, new([AppServiceSlowRunbook.Name], MaxInstances: null), agent), AppServiceSlowRunbook.Restart(site, body, read.Plan, agent));
    }

    /// <summary>Where the symptom is there anyway, it is the finding of any other run.</summary>
    private static Investigated Judge(AppServiceReadings read, Investigated looked, Remedy restart)
    {
        var finding = looked.Finding;
        return looked.Remedy is not null ? looked : new(
            finding with { Asked = true, Present = Without(finding.Present) + OnRequest, Past = $"that {Without(finding.Past)}{OnRequest}", Gap = null, At = read.At }, restart);
    }

    private static string Without(string words) => words.EndsWith(NothingToDo, StringComparison.Ordinal) ? words[..^NothingToDo.Length] : words;

    private Task<Investigated> Ended(Conclusion conclusion, ResourceId target, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, target.Name, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null));
}
