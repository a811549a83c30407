using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cli.Checks;

/// <summary>Whether what happened can be written back where alerts came from, as far as reading tells: nothing is written.</summary>
internal sealed class WriteBackCheck(ILedger ledger, IIncidents incidents, IncidentSettings settings, AgentReach agent, PagerDutyApi pager) : ICheck
{
    private const int MostIncidents = 500;
    private const int MostGroups = 10;

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (settings.ClosesAlerts)
        {
            // By the groups in which something happened: they inherit what the agent may do in their subscription, where alerts lie.
            var groups = (await ledger.Read(t => incidents.List(t, MostIncidents), cancellation)).Where(i => i.Platform == Platform.AzureMonitor).Select(i => i.Target?.Group).OfType<ResourceId>();
            foreach (var group in groups.DistinctBy(g => g.Subscription.Key).Take(MostGroups))
            {
                yield return await Alerts(group, cancellation);
            }
        }

        if (settings.ApiKey is not null)
        {
            foreach (var service in settings.Services.Keys)
            {
                yield return await Service(service, cancellation);
            }

            yield return await Requester(settings.Requester!, cancellation);
        }
    }

    private async Task<CheckLine> Alerts(ResourceId group, CancellationToken cancellation)
    {
        var about = $"write-back to Azure Monitor in {group.SubscriptionId}";
        return await agent.Look(group, [(AlertStates.Right, "POST")], cancellation) switch
        {
            { Unread: { } unread } => CheckLine.Trouble(about, $"the agent's permissions could not be read: {unread}", agent.Grant("Reader", group)),
            { Missing: var missing } when missing.Contains(AlertStates.Right) => CheckLine.Trouble(about, $"the agent lacks {AlertStates.Right}, so no alert is acknowledged or closed",
                $"name the subscription in alertSubscriptions and run deploy/deploy.sh again, or {agent.Grant("Monitoring Contributor", group.Subscription)}, or set Incidents:AzureMonitor:WriteBack to false."),
            _ => CheckLine.Good(about, "the agent may acknowledge and close alerts"),
        };
    }

    private async Task<CheckLine> Service(string id, CancellationToken cancellation)
    {
        var about = $"PagerDuty service {id}";
        if (!PagerDutyApi.IsId(id))
        {
            return CheckLine.Trouble(about, "that is no id of PagerDuty", "put the service's id, capitals and digits as in its address, under Incidents:PagerDuty:Services.");
        }

        return await pager.Service(id, cancellation) switch
        {
            { Problem: null } => CheckLine.Good(about, "it is there, and the key reads it"),
            { IsUnknown: true } => CheckLine.Trouble(about, "PagerDuty has no such service, or the key may not see it", "correct its id under Incidents:PagerDuty:Services."),
            { Problem: var problem } => CheckLine.Trouble(about, problem.TrimEnd('.'), "put a REST API key that is not read-only into Incidents:PagerDuty:ApiKey, and the address of the account's region into :Address."),
        };
    }

    /// <summary>Whether the key may write cannot be told without writing.</summary>
    private async Task<CheckLine> Requester(string mail, CancellationToken cancellation)
    {
        const string About = "write-back to PagerDuty";
        var answer = await pager.Users(mail, cancellation);
        if (answer.Problem is { } problem)
        {
            return CheckLine.Trouble(About, problem.TrimEnd('.'), "put a REST API key that is not read-only into Incidents:PagerDuty:ApiKey.");
        }

        return answer.Body?.EnumerateArray().Any(u => string.Equals(u.Text("email"), mail, StringComparison.OrdinalIgnoreCase)) == true
            ? CheckLine.Good(About, "the key is known, and so is the user it writes as; whether it may write shows with the first note")
            : CheckLine.Trouble(About, $"{mail} is no user of that account, so PagerDuty refuses every note", "put the e-mail address of a user of the account into Incidents:PagerDuty:From.");
    }
}
