using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>management.azure.com over one subscription: web apps and plans, their metrics, activity log, health, permissions and locks. Acts by what it forecasts.</summary>
internal sealed partial class FakeArm(TimeProvider clock) : WireEnd("management.azure.com", "https://management.azure.com")
{
    private readonly ConcurrentDictionary<string, AzureResource> resources = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, byte> hidden = new(StringComparer.OrdinalIgnoreCase);

    public string Subscription { get; } = Known.Subscription;

    public ArmAccess Access { get; } = new(Known.Subscription);

    public LongRunning LongRunning { get; } = new();

    public ActivityLog ActivityLog { get; } = new(Known.Subscription);

    /// <summary>Entries per page of permissions and locks; the rest is behind <c>nextLink</c>.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Host that next links point to: another one shows whether the caller would carry its token there.</summary>
    public string NextLinkHost { get; set; } = "management.azure.com";

    /// <summary>Azure may answer the sample of the running minute with a later time stamp; with this, it carries the present second.</summary>
    public bool RunningSampleCarriesNow { get; set; }

    /// <summary>Of every resource group.</summary>
    public Dictionary<string, string> GroupTags { get; } = [];

    /// <summary>Requests that were meant to change a resource, in order, whatever became of them. What people see beside an alert is none.</summary>
    public IReadOnlyList<WireRequest> Mutations => [.. Requests.Where(request => !request.IsRead && !AlertPath().IsMatch(request.Path) && !CostPath().IsMatch("/" + string.Join('/', request.Segments)))];

    /// <summary>A web app on a plan of its own.</summary>
    public WebApp App(string name, string rg, Series? memory = null, Series? responseTime = null, Series? afterRestart = null)
    {
        var plan = new AppServicePlan(Subscription, rg, $"plan-{name}", clock);
        var app = new WebApp(Subscription, rg, name, plan, clock);
        resources[plan.Id] = plan;
        resources[app.Id] = app;
        if (memory is not null) app.Memory = memory;
        if (responseTime is not null) app.ResponseTime = responseTime;
        if (afterRestart is not null) app.MemoryAfterRestart = afterRestart;
        return app;
    }

    /// <summary>Another app on the plan of <paramref name="beside"/>, and so of its memory.</summary>
    public WebApp Neighbour(string name, WebApp beside)
    {
        var app = new WebApp(Subscription, beside.ResourceGroup, name, beside.Plan, clock);
        beside.Plan.Sites++;
        resources[app.Id] = app;
        return app;
    }

    public Slot Slot(WebApp app, string name)
    {
        var slot = new Slot(Subscription, app.ResourceGroup, app, name, clock);
        resources[slot.Id] = slot;
        return slot;
    }

    public VirtualMachine Machine(string name, string rg)
    {
        var machine = new VirtualMachine(Subscription, rg, name, clock);
        resources[machine.Id] = machine;
        return machine;
    }

    public ContainerApp Container(string name, string rg)
    {
        var app = new ContainerApp(Subscription, rg, name, clock);
        resources[app.Id] = app;
        return app;
    }

    /// <summary>Somebody deployed: the activity log and the app's modification time say so.</summary>
    public void Deployed(WebApp app, TimeSpan ago, string caller = "pipeline@contoso.example")
    {
        app.LastModified = clock.GetUtcNow() - ago;
        ActivityLog.Add(new ActivityEvent(app.LastModified, app.Id, "Microsoft.Web/sites/write", caller));
    }

    /// <summary>Gone: 404 from now on.</summary>
    public void Remove(string id) => resources.TryRemove(id, out _);

    /// <summary>Azure refuses to say whether it exists: 403 for everything at and below.</summary>
    public void Hide(string scope) => hidden[scope] = 0;

    protected override WireAnswer Refuse(string why) => WireAnswer.Error(401, "AuthenticationFailed", $"Authentication failed. {why}");

    protected override WireAnswer Answered(WireRequest request, WireAnswer answer, bool scripted)
    {
        var traced = answer.With("x-ms-request-id", Guid.NewGuid().ToString()).With("x-ms-correlation-request-id", Guid.NewGuid().ToString());
        // The definitions know no polling URLs, and a plan makes an action answer as its own never does.
        // Nor are the definitions of container apps, alerts and costs among them.
        if (!LongRunning.IsPoll(request) && !ContainerPath().IsMatch(request.Path) && !ScopePath().IsMatch(request.Path) && !IsBeyondTheDefinitions(request.Path) && !AlertPath().IsMatch(request.Path)) ExchangeLog.Write(request, traced, scripted || (!request.IsRead && LongRunning.Plan is not null));
        return traced;
    }

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token)
    {
        var path = "/" + string.Join('/', request.Segments);
        if (hidden.Keys.Any(scope => ArmAccess.Covers(scope, path))) return Forbidden(token, $"{path.Split('/')[^1]}/read", path);
        if (request.Method == "GET" && Extension().Match(path) is { Success: true } extension)
            return Read(request, token, extension.Groups["scope"].Value, extension.Groups["what"].Value.ToUpperInvariant());
        if (Group(request, token, path) is { } ofGroup) return ofGroup;
        if (request.Method == "GET" && LogPath().Match(path) is { Success: true } log)
            return Versioned(request, "2015-04-01") ?? SubscriptionGone(log.Groups["sub"].Value) ?? ActivityLog.Answer(request);
        if (request.Method == "GET" && ScopePath().IsMatch(path))
            return Versioned(request, request.Segments.Count == 2 ? "2022-12-01" : "2021-04-01") ?? Gone(path) ?? Readable(token, path, "Microsoft.Resources/subscriptions/resourceGroups/read")
                ?? WireAnswer.Ok(new JsonObject { ["id"] = path, ["tags"] = request.Segments.Count == 2 ? new JsonObject() : new JsonObject(GroupTags.Select(t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value))) });
        if (AlertPath().Match(path) is { Success: true } alert) return Alert(request, token, alert);
        if (LongRunning.IsPoll(request)) return request.Method == "GET" ? LongRunning.Poll(request) : null;
        if (request.Method == "GET" && DeploymentsPath().Match(path) is { Success: true } deployments)
            return Versioned(request, "2023-12-01") ?? Gone(deployments.Groups["id"].Value) ?? Deployments(token, deployments.Groups["id"].Value, deployments.Groups["of"].Value);
        if (ContainerPath().Match(path) is { Success: true } container)
            return Versioned(request, "2024-03-01") ?? Gone(container.Groups["id"].Value) ?? OfContainer(request, token, container.Groups["id"].Value, container.Groups["of"]);
        if (SlowActions().Match(path) is { Success: true } slow) return Slow(request, token, slow);
        if (Web().Match(path) is not { Success: true } web) return null;
        var action = web.Groups["action"].Value.ToLowerInvariant();
        if (request.Method == "PUT" && action.Length == 0 && web.Groups["type"].Value.Equals("serverfarms", StringComparison.OrdinalIgnoreCase))
            return Versioned(request, "2023-12-01") ?? Gone(web.Groups["id"].Value) ?? Scale(request, token, web.Groups["id"].Value);
        if (request.Method != (action.Length == 0 ? "GET" : "POST")) return null;
        return Versioned(request, "2023-12-01") ?? Gone(web.Groups["id"].Value) ?? (action.Length == 0
            ? Readable(token, web.Groups["id"].Value, $"Microsoft.Web/{web.Groups["type"].Value}/read") ?? WireAnswer.Ok(resources[web.Groups["id"].Value].ToJson())
            : Act(token, web.Groups["id"].Value, action));
    }

    private WireAnswer? Read(WireRequest request, IssuedToken? token, string scope, string what)
    {
        var (version, right) = what switch
        {
            "MICROSOFT.INSIGHTS/METRICS" => ("2018-01-01", "Microsoft.Insights/Metrics/Read"),
            "MICROSOFT.RESOURCEHEALTH/AVAILABILITYSTATUSES/CURRENT" => ("2024-02-01", "Microsoft.ResourceHealth/AvailabilityStatuses/read"),
            "MICROSOFT.INSIGHTS/AUTOSCALESETTINGS" => ("2015-04-01", "Microsoft.Insights/AutoscaleSettings/Read"),
            "MICROSOFT.AUTHORIZATION/LOCKS" => ("2020-05-01", "Microsoft.Authorization/locks/read"),
            "MICROSOFT.AUTHORIZATION/PERMISSIONS" => ("2022-04-01", "Microsoft.Authorization/permissions/read"),
            _ => ("2022-04-01", "Microsoft.Authorization/denyAssignments/read"),
        };
        if ((Versioned(request, version) ?? Gone(scope) ?? Readable(token, scope, right)) is { } refused) return refused;
        switch (what)
        {
            case "MICROSOFT.INSIGHTS/AUTOSCALESETTINGS": return WireAnswer.Ok(new JsonObject { ["value"] = new JsonArray() });
            case "MICROSOFT.AUTHORIZATION/LOCKS": return Page(request, [.. Access.LocksAt(scope)]);
            case "MICROSOFT.AUTHORIZATION/PERMISSIONS": return Page(request, [.. Access.PermissionsAt(scope)]);
            case "MICROSOFT.AUTHORIZATION/DENYASSIGNMENTS": return Page(request, [.. Access.DenyAssignmentsAt(scope)]);
        }

        if (!resources.TryGetValue(scope, out var resource)) return null;
        return what.EndsWith("METRICS", StringComparison.Ordinal)
            ? ArmMetrics.Answer(resource, request, clock.GetUtcNow(), RunningSampleCarriesNow)
            : WireAnswer.Ok(Health(resource));
    }

    private WireAnswer Page(WireRequest request, JsonObject[] all)
    {
        var skip = int.Parse(request.Query.GetValueOrDefault("$skipToken") ?? "0", CultureInfo.InvariantCulture);
        var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(skip).Take(PageSize)]) };
        if (all.Length > skip + PageSize)
            page["nextLink"] = $"https://{NextLinkHost}{request.Path}?api-version={request.Query["api-version"]}&%24skipToken={(skip + PageSize).ToString(CultureInfo.InvariantCulture)}";
        return WireAnswer.Ok(page);
    }

    private JsonObject Health(AzureResource resource) => new()
    {
        ["id"] = $"{resource.Id}/providers/Microsoft.ResourceHealth/availabilityStatuses/current",
        ["name"] = "current", ["type"] = "Microsoft.ResourceHealth/AvailabilityStatuses", ["location"] = resource.Location,
        ["properties"] = new JsonObject
        {
            ["availabilityState"] = resource.Health, ["title"] = resource.Health,
            ["summary"] = resource.Health == "Available" ? "There aren't any known Azure platform problems affecting this resource." : $"This resource is {resource.Health}.",
            ["reasonChronicity"] = "Persistent", ["occuredTime"] = (clock.GetUtcNow() - TimeSpan.FromHours(6)).UtcDateTime.ToString("O"),
            ["reportedTime"] = clock.GetUtcNow().UtcDateTime.ToString("O"),
        },
    };

    private static WireAnswer? Versioned(WireRequest request, string expected) => request.Query.GetValueOrDefault("api-version") switch
    {
        null => WireAnswer.Error(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests."),
        var version when version != expected => WireAnswer.Error(400, "InvalidApiVersionParameter", $"The api-version '{version}' is not served here; {expected} is."),
        _ => null,
    };

    private WireAnswer? Readable(IssuedToken? token, string scope, string action) => Access.Allows(scope, action) ? null : Forbidden(token, action, scope);

    private WireAnswer? SubscriptionGone(string subscription) => subscription.Equals(Subscription, StringComparison.OrdinalIgnoreCase) ? null
        : WireAnswer.Error(404, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found.");

    private WireAnswer? Gone(string scope)
    {
        var parts = scope.Split('/');
        if (SubscriptionGone(parts.ElementAtOrDefault(2) ?? "") is { } none) return none;
        if (parts.Length < 5) return null;
        var group = string.Join('/', parts[..5]);
        if (!resources.Keys.Any(id => ArmAccess.Covers(group, id)))
            return WireAnswer.Error(404, "ResourceGroupNotFound", $"Resource group '{parts[4]}' could not be found.");
        return parts.Length == 5 || resources.ContainsKey(scope) ? null : WireAnswer.Error(404, "ResourceNotFound",
            $"The Resource '{string.Join('/', parts[6..])}' under resource group '{parts[4]}' was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix");
    }

    private static WireAnswer Forbidden(IssuedToken? token, string action, string scope) => WireAnswer.Error(403, "AuthorizationFailed",
        $"The client '{token?.ClientId}' with object id '{token?.ClientId}' does not have authorization to perform action '{action}' over scope '{scope}' or the scope is invalid.");

    [GeneratedRegex("^(?<scope>/subscriptions/.+?)/providers/(?<what>microsoft\\.(insights/(metrics|autoscalesettings)|resourcehealth/availabilityStatuses/current|authorization/(locks|permissions|denyAssignments)))$", RegexOptions.IgnoreCase)]
    private static partial Regex Extension();

    [GeneratedRegex("^/subscriptions/[^/]+(/resourceGroups/[^/]+)?$", RegexOptions.IgnoreCase)]
    private static partial Regex ScopePath();

    [GeneratedRegex("^/subscriptions/(?<sub>[^/]+)/providers/microsoft\\.insights/eventtypes/management/values$", RegexOptions.IgnoreCase)]
    private static partial Regex LogPath();

    [GeneratedRegex("^(?<id>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.web/sites/[^/]+(/slots/[^/]+)?)/deployments(/(?<of>[^/]+))?$", RegexOptions.IgnoreCase)]
    private static partial Regex DeploymentsPath();

    [GeneratedRegex("^(?<id>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.(web/sites/[^/]+/slots/[^/]+|compute/virtualMachines/[^/]+))(/(?<action>slotsswap|restart|instanceView))?$", RegexOptions.IgnoreCase)]
    private static partial Regex SlowActions();

    [GeneratedRegex("^(?<id>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.web/(?<type>sites|serverfarms)/[^/]+)(/(?<action>restart|start|stop))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Web();
}
