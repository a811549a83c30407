using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

internal enum ChangeKind { Unknown = 0, Configuration, Deployment, Restart, Start, Stop, Swap }

/// <summary>Who did it. Whoever Azure names and who is neither this agent nor an application is a person.</summary>
internal enum ChangedBy { Unknown = 0, Person, Application, ThisAgent }

/// <summary>Something that was done to an app or its plan.</summary>
/// <param name="By">As Azure names the caller: a mail address, or the id of an application.</param>
internal sealed record Change(DateTimeOffset At, ChangeKind Kind, string What, string By)
{
    public ChangedBy Caller { get; init; }

    /// <summary>A fault that follows one of these is the change's, until shown otherwise; a restart would only hide it.</summary>
    public bool MayBeTheCause => Kind is ChangeKind.Configuration or ChangeKind.Deployment or ChangeKind.Swap;

    public override string ToString() => $"{At.Utc()} {What} by {By}";
}

/// <summary>What people and pipelines changed lately, from the activity log. It lags by minutes, and knows only what went through Azure Resource Manager.</summary>
internal sealed class ChangeHistory(ArmReader arm, AzureContext agent)
{
    private const string ApiVersion = "2015-04-01";
    private const int LongestName = 80;

    // Slots are folded into their sites; what is not listed (reads of keys, tags, alerts) changes nothing about how an app runs.
    private static readonly Dictionary<string, (ChangeKind Kind, string What)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["microsoft.web/sites/write"] = (ChangeKind.Configuration, "app changed"),
        ["microsoft.web/sites/config/write"] = (ChangeKind.Configuration, "configuration changed"),
        ["microsoft.web/sites/hostnamebindings/write"] = (ChangeKind.Configuration, "host names changed"),
        ["microsoft.web/sites/virtualnetworkconnections/write"] = (ChangeKind.Configuration, "network changed"),
        ["microsoft.web/sites/networkconfig/write"] = (ChangeKind.Configuration, "network changed"),
        ["microsoft.web/serverfarms/write"] = (ChangeKind.Configuration, "plan changed"),
        ["microsoft.web/sites/extensions/write"] = (ChangeKind.Deployment, "deployed"),
        ["microsoft.web/sites/deployments/write"] = (ChangeKind.Deployment, "deployed"),
        ["microsoft.web/sites/sourcecontrols/write"] = (ChangeKind.Deployment, "source control changed"),
        ["microsoft.web/sites/sync/action"] = (ChangeKind.Deployment, "deployed"),
        ["microsoft.web/sites/slotsswap/action"] = (ChangeKind.Swap, "slots swapped"),
        ["microsoft.web/sites/applyslotconfig/action"] = (ChangeKind.Deployment, "slot swap begun"),
        ["microsoft.web/sites/resetslotconfig/action"] = (ChangeKind.Deployment, "slot swap cancelled"),
        ["microsoft.web/sites/restart/action"] = (ChangeKind.Restart, "restarted"),
        ["microsoft.web/sites/start/action"] = (ChangeKind.Start, "started"),
        ["microsoft.web/sites/stop/action"] = (ChangeKind.Stop, "stopped"),
        ["microsoft.app/containerapps/write"] = (ChangeKind.Deployment, "container app changed"),
        ["microsoft.app/containerapps/stop/action"] = (ChangeKind.Stop, "stopped"),
        ["microsoft.app/containerapps/start/action"] = (ChangeKind.Start, "started"),
        ["microsoft.compute/virtualmachines/write"] = (ChangeKind.Configuration, "machine changed"),
        ["microsoft.compute/virtualmachines/extensions/write"] = (ChangeKind.Deployment, "extension installed"),
        ["microsoft.compute/virtualmachines/runcommand/action"] = (ChangeKind.Configuration, "command run"),
        ["microsoft.compute/virtualmachines/runcommands/write"] = (ChangeKind.Configuration, "command run"),
        ["microsoft.compute/virtualmachines/restart/action"] = (ChangeKind.Restart, "restarted"),
        ["microsoft.compute/virtualmachines/redeploy/action"] = (ChangeKind.Restart, "redeployed"),
        ["microsoft.compute/virtualmachines/start/action"] = (ChangeKind.Start, "started"),
        ["microsoft.compute/virtualmachines/poweroff/action"] = (ChangeKind.Stop, "powered off"),
        ["microsoft.compute/virtualmachines/deallocate/action"] = (ChangeKind.Stop, "deallocated"),
    };

    /// <summary>Newest first. By resource group, because settings and extensions are logged under ids of their own.</summary>
    public async Task<Reading<IReadOnlyList<Change>>> Since(DateTimeOffset from, DateTimeOffset to, ResourceId app, ResourceId plan, CancellationToken cancellation)
    {
        var groups = new[] { app.Group!, plan.Group! }.Distinct().ToList();
        var answers = await Task.WhenAll(groups.Select(group => Read(from, to, group, $"resourceGroupName eq '{group.Name}'", cancellation)));
        var events = new List<JsonElement>();
        foreach (var answer in answers)
        {
            if (answer is Reading<IReadOnlyList<JsonElement>>.Told told)
            {
                events.AddRange(told.Value);
            }
            else
            {
                return new Reading<IReadOnlyList<Change>>.NotRead(((Reading<IReadOnlyList<JsonElement>>.NotRead)answer).Why);
            }
        }

        return new Reading<IReadOnlyList<Change>>.Told(Changes(events.Where(entry => Concerns(entry, app, plan))));
    }

    /// <summary>What was done to one resource itself, newest first. Over weeks a group's whole log would be too long.</summary>
    public async Task<Reading<IReadOnlyList<Change>>> Of(ResourceId resource, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        await Read(from, to, resource, $"resourceUri eq '{resource.Value}'", cancellation) switch
        {
            Reading<IReadOnlyList<JsonElement>>.Told told => new Reading<IReadOnlyList<Change>>.Told(Changes(told.Value.Where(entry => Concerns(entry, resource, resource)))),
            Reading<IReadOnlyList<JsonElement>>.NotRead unread => new Reading<IReadOnlyList<Change>>.NotRead(unread.Why),
            _ => new Reading<IReadOnlyList<Change>>.NotRead("the activity log could not be read"),
        };

    /// <summary>Whatever was written or deleted in a group, newest first; what the same caller did to the same resource in the same way is one entry.</summary>
    public async Task<Reading<IReadOnlyList<GroupChange>>> In(ResourceId group, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        await Read(from, to, group, $"resourceGroupName eq '{group.Name}'", cancellation) switch
        {
            Reading<IReadOnlyList<JsonElement>>.Told told => new Reading<IReadOnlyList<GroupChange>>.Told(InGroup(told.Value.Where(entry => Is(entry.Text("category", "value"), "Administrative")), group)),
            Reading<IReadOnlyList<JsonElement>>.NotRead unread => new Reading<IReadOnlyList<GroupChange>>.NotRead(unread.Why),
            _ => new Reading<IReadOnlyList<GroupChange>>.NotRead("the activity log could not be read"),
        };

    /// <summary>A deployment writes many resources under one correlation id, so the resource tells its entries apart too.</summary>
    private List<GroupChange> InGroup(IEnumerable<JsonElement> events, ResourceId group) =>
    [
        .. events
            .GroupBy(entry => (entry.Text("correlationId") ?? entry.Text("eventDataId") ?? entry.Text("id"), entry.Text("operationName", "value")?.ToLowerInvariant(), entry.Text("resourceId")?.ToLowerInvariant()))
            .Where(entries => !entries.Any(entry => Is(entry.Text("status", "value"), "Failed")))
            .Select(entries => entries.MaxBy(entry => entry.Time("eventTimestamp")))
            .Select(entry => (At: entry.Time("eventTimestamp"), What: Written(entry), On: ResourceId.TryParse(entry.Text("resourceId"), out var on, out _) && group.Contains(on) ? on : null, By: Caller(entry).Name))
            .Where(change => change is { At: not null, What: not null, On: not null })
            .GroupBy(change => (change.On!.Key, change.What, change.By))
            .Select(same => new GroupChange(same.Max(change => change.At!.Value), same.First().On!.IsResource ? same.First().On!.NameInFull : "the group itself", same.Key.What!, same.Key.By, same.Count()))
            .OrderByDescending(change => change.At).ThenBy(change => change.Resource, StringComparer.Ordinal),
    ];

    private static string? Written(JsonElement entry) => Operation(entry) switch
    {
        null => null,
        { } known when Known.TryGetValue(known, out var found) => found.What,
        { } other when other.Equals("Microsoft.Resources/deployments/write", StringComparison.OrdinalIgnoreCase) => "template deployed",
        { } other when other.EndsWith("/write", StringComparison.OrdinalIgnoreCase) => "changed",
        { } other when other.EndsWith("/delete", StringComparison.OrdinalIgnoreCase) => "deleted",
        _ => null,
    };

    private static string? Operation(JsonElement entry) => entry.Text("operationName", "value")?.Replace("/sites/slots/", "/sites/", StringComparison.OrdinalIgnoreCase);

    /// <summary>One operation is logged when it starts and when it ends; one that failed changed nothing.</summary>
    private List<Change> Changes(IEnumerable<JsonElement> events) =>
    [
        .. events
            .GroupBy(entry => (entry.Text("correlationId") ?? entry.Text("eventDataId") ?? entry.Text("id"), entry.Text("operationName", "value")?.ToLowerInvariant()))
            .Where(entries => !entries.Any(entry => Is(entry.Text("status", "value"), "Failed")))
            .Select(entries => Read(entries.MaxBy(entry => entry.Time("eventTimestamp"))))
            .OfType<Change>()
            .OrderByDescending(change => change.At),
    ];

    private async Task<Reading<IReadOnlyList<JsonElement>>> Read(DateTimeOffset from, DateTimeOffset to, ResourceId of, string which, CancellationToken cancellation)
    {
        var filter = $"eventTimestamp ge '{Iso(from)}' and eventTimestamp le '{Iso(to)}' and {which}";
        var answer = await arm.GetAll(of.Subscription, "/providers/Microsoft.Insights/eventtypes/management/values", ApiVersion, [("$filter", filter)], cancellation);
        return answer.Match<Reading<IReadOnlyList<JsonElement>>>(
            list => new Reading<IReadOnlyList<JsonElement>>.Told([.. list.EnumerateArray()]),
            (_, _) => new Reading<IReadOnlyList<JsonElement>>.NotRead("the activity log does not exist or is hidden from the agent"),
            (_, _) => new Reading<IReadOnlyList<JsonElement>>.NotRead($"the agent may not read the activity log of resource group '{of.ResourceGroup}'; grant it Monitoring Reader there"),
            reason => new Reading<IReadOnlyList<JsonElement>>.NotRead($"the activity log could not be read: {reason.TrimEnd('.')}"));
    }

    private static bool Concerns(JsonElement entry, ResourceId app, ResourceId plan) =>
        ResourceId.TryParse(entry.Text("resourceId"), out var changed, out _)
        && (plan.Equals(changed) || (app.Contains(changed) && (app.IsOfType(AppServiceSlowRunbook.SlotType) || !IsSlot(changed) || IsSwap(entry))));

    /// <summary>A swap changes the app beside the slot, and may be logged on the slot alone.</summary>
    private static bool IsSwap(JsonElement entry) => Is(entry.Text("operationName", "value"), "Microsoft.Web/sites/slots/slotsswap/action");

    /// <summary>A slot has its own content and settings: changing it does not change the app beside it.</summary>
    private static bool IsSlot(ResourceId id) => id.ResourceType?.StartsWith(AppServiceSlowRunbook.SlotType, StringComparison.OrdinalIgnoreCase) == true;

    private Change? Read(JsonElement entry)
    {
        var operation = Operation(entry);
        if (operation is null || !Known.TryGetValue(operation, out var known) || entry.Time("eventTimestamp") is not { } at)
        {
            return null;
        }

        var (caller, name) = Caller(entry);
        return new Change(at, known.Kind, known.What, name) { Caller = caller };
    }

    private (ChangedBy Caller, string Name) Caller(JsonElement entry)
    {
        if (Is(entry.Text("claims", "appid") ?? entry.Text("caller"), agent.AgentIdentity))
        {
            return (ChangedBy.ThisAgent, "this agent");
        }

        return entry.Text("caller") switch
        {
            null => (ChangedBy.Unknown, "someone Azure does not name"),
            var id when Guid.TryParse(id, out _) => (ChangedBy.Application, $"application {id}"),
            var name => (ChangedBy.Person, name.Plain(LongestName)),
        };
    }

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
