using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using Incident = RunModes.Bot.Incidents.Incident;
using IncidentSettings = RunModes.Bot.Incidents.IncidentSettings;
using SharedAlerts = RunModes.Bot.Incidents.SharedAlerts;

namespace RunModes.Bot.Runs;

/// <summary>Acknowledges alerts of Azure Monitor, and closes them after measured recovery. A closed alert shows the next failure at once.</summary>
internal sealed class AzureMonitorSource(AlertStates alerts, IncidentSettings settings) : IAlertSource
{
    public Platform Platform => Platform.AzureMonitor;

    public bool IsOn => settings.ClosesAlerts;

    public bool TakesNotes => false;

    public async Task<SourceAnswer> Tell(Telling telling, CancellationToken cancellation)
    {
        if (MonitorAlert.Of(telling.Alert) is not { } alert)
        {
            return SourceAnswer.Refused("The alert came without an id of Azure Monitor.");
        }

        // An alert lies in the subscription of what it is about; another one is not asked, with a token that may be good there.
        if (!alert.Subscription.SubscriptionId.Equals(telling.Incident.Target?.SubscriptionId, StringComparison.OrdinalIgnoreCase))
        {
            return SourceAnswer.Refused("The alert's id is of another subscription than its target.");
        }

        var read = await alerts.Read(alert, cancellation);
        if (read is not ArmAnswer.Found(var body))
        {
            return Unread(read);
        }

        if (body.Member("properties")?.Member("essentials") is not { } essentials)
        {
            return SourceAnswer.Refused("Azure Monitor's answer does not describe an alert.");
        }

        if (Objection(body, essentials, alert, telling.Incident) is { } objection)
        {
            return SourceAnswer.Refused(objection);
        }

        return (telling.What, essentials.Text("alertState")?.ToUpperInvariant()) switch
        {
            (_, "CLOSED") => SourceAnswer.AlreadySo("It was closed already."),
            (WriteBackKind.Acknowledge, "ACKNOWLEDGED") => SourceAnswer.AlreadySo("It was acknowledged already."),
            (WriteBackKind.Acknowledge, "NEW") => Written(await alerts.Set(alert, AlertState.Acknowledged, cancellation), "Acknowledged."),
            (WriteBackKind.Resolve, "NEW" or "ACKNOWLEDGED") => Written(await alerts.Set(alert, AlertState.Closed, cancellation), "Closed."),
            _ => SourceAnswer.TryAgain("Azure Monitor does not say how the alert stands."),
        };
    }

    /// <summary>What the webhook said is held against the source: there is such an alert, and it is of this rule on this target.</summary>
    private static string? Objection(JsonElement body, JsonElement essentials, MonitorAlert alert, Incident incident) =>
        body.Text("id") is not { } id || MonitorAlert.Of(id) is not { } read || read.Id != alert.Id ? "Azure Monitor answered about another alert."
        : !ResourceId.TryParse(essentials.Text("targetResource"), out var target, out _) || incident.Target is not { } looked || !target.Equals(KubernetesObject.InAzure(looked)) ? "At its source the alert is about another target."
        : essentials.Text("alertRule") is not { Length: > 0 } rule || !SharedAlerts.SameRule(rule, incident.Rule) ? "At its source the alert is of another rule."
        : null;

    private static SourceAnswer Unread(ArmAnswer answer) => answer.Match(
        _ => SourceAnswer.TryAgain("Azure's answer could not be understood."),
        (_, _) => SourceAnswer.Refused("Azure Monitor does not know the alert."),
        (code, _) => SourceAnswer.TryAgain($"Azure Monitor refused it ({code}): the agent needs {AlertStates.Right}, as in Monitoring Contributor."),
        reason => SourceAnswer.TryAgain(reason));

    private static SourceAnswer Written(ArmAnswer answer, string done) => answer is ArmAnswer.Found ? SourceAnswer.Done(done) : Unread(answer);
}
