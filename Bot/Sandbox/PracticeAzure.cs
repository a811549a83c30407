using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using RunModes.Bot.Execution;

namespace RunModes.Bot.Sandbox;

/// <summary>management.azure.com of the practice world: one subscription with one resource group of three web apps. What it does not know is 404, as in Azure.</summary>
internal sealed partial class PracticeAzure(TimeProvider clock)
{
    public const string Subscription = "5a4db0c5-0000-4000-8000-0000000005b0";
    public const string ResourceGroup = "practice";
    public const string Group = $"/subscriptions/{Subscription}/resourceGroups/{ResourceGroup}";
    public const string Restart = "Microsoft.Web/sites/restart/Action";

    private readonly DateTimeOffset _created = clock.GetUtcNow() - TimeSpan.FromDays(12);

    public PracticeApp Production { get; } = new("prod", "Sev1", recovers: true);

    public PracticeApp Staging { get; } = new("staging", "Sev2", recovers: true);

    public PracticeApp Stuck { get; } = new("stuck", "Sev2", recovers: false);

    public IReadOnlyList<PracticeApp> Apps => [Production, Staging, Stuck];

    public PracticeAnswer Answer(HttpRequestMessage request, string body = "")
    {
        if (request.Headers.Authorization is not { Scheme: "Bearer" })
        {
            return PracticeAnswer.Error(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.");
        }

        var path = request.RequestUri!.AbsolutePath;
        var query = QueryHelpers.ParseQuery(request.RequestUri.Query).ToDictionary(StringComparer.OrdinalIgnoreCase);
        var route = Routes(body).FirstOrDefault(route => route.Method == request.Method && route.Path.IsMatch(path));
        if (route is null)
        {
            return Missing(path);
        }

        var version = query.GetValueOrDefault("api-version").ToString();
        var scope = route.Path.Match(path).Groups["scope"].Value;
        return version != route.Version
            ? PracticeAnswer.Error(400, "InvalidApiVersionParameter", $"The api-version '{version}' is not served here; {route.Version} is.")
            : !Exists(scope) ? Missing(scope) : route.Answer(scope, name => query.GetValueOrDefault(name).ToString(), query);
    }

    private sealed record Route(
        HttpMethod Method, Regex Path, string Version, Func<string, Func<string, string>, Dictionary<string, Microsoft.Extensions.Primitives.StringValues>, PracticeAnswer> Answer);

    private Route[] Routes(string body) =>
    [
        new(HttpMethod.Post, RestartPath(), "2023-12-01", (scope, _, _) => RestartApp(scope)),
        new(HttpMethod.Get, MetricsPath(), "2018-01-01", (scope, _, query) => PracticeMetrics.Answer(AppOf(scope)!, Same(AppOf(scope)!.PlanId, scope), query, clock.GetUtcNow())),
        new(HttpMethod.Get, HealthPath(), "2024-02-01", (scope, _, _) => PracticeAnswer.Ok(Health(scope))),
        new(HttpMethod.Get, GroupHealthPath(), "2024-02-01", (_, _, _) => List(HealthOfAll())),
        new(HttpMethod.Get, AlertsPath(), "2018-05-05", (_, _, _) => List(Firing())),
        new(HttpMethod.Post, CostPath(), "2023-11-01", (_, _, _) => Costs(body)),
        new(HttpMethod.Get, ActivityPath(), "2015-04-01", (_, asked, _) => Activity(asked("$filter"))),
        new(HttpMethod.Get, PermissionsPath(), "2022-04-01", (_, _, _) => List(new JsonObject
        {
            ["actions"] = new JsonArray("*/read", Restart), ["notActions"] = new JsonArray(), ["dataActions"] = new JsonArray(), ["notDataActions"] = new JsonArray(),
        })),
        new(HttpMethod.Get, DenialsPath(), "2022-04-01", (_, _, _) => List()),
        new(HttpMethod.Get, LocksPath(), "2020-05-01", (_, _, _) => List()),
        new(HttpMethod.Get, SitePath(), "2023-12-01", (scope, _, _) => PracticeAnswer.Ok(Site(AppOf(scope)!))),
        new(HttpMethod.Get, PlanPath(), "2023-12-01", (scope, _, _) => PracticeAnswer.Ok(Plan(AppOf(scope)!))),
    ];

    private PracticeAnswer RestartApp(string scope)
    {
        AppOf(scope)!.Restart(clock.GetUtcNow());
        return new(200);
    }

    private JsonObject Site(PracticeApp app) => new()
    {
        ["id"] = app.Id, ["name"] = app.Name, ["type"] = "Microsoft.Web/sites", ["kind"] = "app", ["location"] = "West Europe", ["tags"] = new JsonObject { ["practice"] = "yes" },
        ["properties"] = new JsonObject
        {
            ["state"] = "Running", ["enabled"] = true, ["availabilityState"] = "Normal", ["usageState"] = "Normal", ["serverFarmId"] = app.PlanId,
            ["resourceGroup"] = ResourceGroup, ["defaultHostName"] = $"{app.Name}.practice.example", ["hostNames"] = new JsonArray($"{app.Name}.practice.example"),
            ["lastModifiedTimeUtc"] = _created.UtcDateTime.ToString("O"), ["httpsOnly"] = true,
        },
    };

    private static JsonObject Plan(PracticeApp app) => new()
    {
        ["id"] = app.PlanId, ["name"] = app.PlanName, ["type"] = "Microsoft.Web/serverfarms", ["kind"] = "app", ["location"] = "West Europe", ["tags"] = new JsonObject { ["practice"] = "yes" },
        ["properties"] = new JsonObject
        {
            ["status"] = "Ready", ["maximumNumberOfWorkers"] = 30, ["numberOfWorkers"] = 1, ["numberOfSites"] = 1, ["geoRegion"] = "West Europe", ["reserved"] = false,
            ["provisioningState"] = "Succeeded",
        },
        ["sku"] = new JsonObject { ["name"] = "P1v3", ["tier"] = "PremiumV3", ["size"] = "P1v3", ["family"] = "Pv3", ["capacity"] = 1 },
    };

    private JsonObject Health(string scope) => new()
    {
        ["id"] = $"{scope}/providers/Microsoft.ResourceHealth/availabilityStatuses/current", ["name"] = "current",
        ["type"] = "Microsoft.ResourceHealth/AvailabilityStatuses", ["location"] = "westeurope",
        ["properties"] = new JsonObject
        {
            ["availabilityState"] = "Available", ["title"] = "Available", ["summary"] = "There aren't any known Azure platform problems affecting this resource.",
            ["reasonChronicity"] = "Persistent", ["occuredTime"] = _created.UtcDateTime.ToString("O"), ["reportedTime"] = clock.GetUtcNow().UtcDateTime.ToString("O"),
        },
    };

    /// <summary>Nothing ever happens to the practice apps but the agent's own restarts.</summary>
    private PracticeAnswer Activity(string filter)
    {
        if (ActivityFilter().Match(filter) is not { Success: true } asked
            || !TryTime(asked.Groups["from"].Value, out var from) || !TryTime(asked.Groups["to"].Value, out var to))
        {
            return new(400, new JsonObject { ["code"] = "BadRequest", ["message"] = $"The filter is not supported: {filter}" });
        }

        var inGroup = Same(asked.Groups["group"].Value, ResourceGroup);
        return List([.. Apps.Where(app => inGroup && app.RestartedAt >= from && app.RestartedAt <= to).OrderByDescending(app => app.RestartedAt).Select(Restarted)]);
    }

    private static JsonObject Restarted(PracticeApp app)
    {
        static JsonObject Localized(string value) => new() { ["value"] = value, ["localizedValue"] = value };
        var at = app.RestartedAt!.Value;
        var entry = $"{at.UtcTicks.ToString(CultureInfo.InvariantCulture)}-{app.Word}";
        return new JsonObject
        {
            ["authorization"] = new JsonObject { ["action"] = Restart, ["role"] = "Website Contributor", ["scope"] = app.Id },
            ["caller"] = AgentIdentity.PracticeClient, ["correlationId"] = entry, ["eventDataId"] = entry, ["description"] = "",
            ["eventName"] = Localized("EndRequest"), ["category"] = Localized("Administrative"), ["level"] = "Informational", ["id"] = $"{app.Id}/events/{entry}",
            ["resourceGroupName"] = ResourceGroup, ["resourceProviderName"] = Localized("Microsoft.Web"), ["resourceId"] = app.Id, ["operationId"] = entry,
            ["operationName"] = Localized(Restart), ["properties"] = new JsonObject(), ["status"] = Localized("Succeeded"), ["subStatus"] = Localized("OK"),
            ["eventTimestamp"] = at.UtcDateTime.ToString("O"), ["submissionTimestamp"] = at.UtcDateTime.ToString("O"), ["subscriptionId"] = Subscription,
        };
    }

    private PracticeApp? AppOf(string id) => Apps.FirstOrDefault(app => Same(app.Id, id) || Same(app.PlanId, id));

    private bool Exists(string scope) => Same(scope, $"/subscriptions/{Subscription}") || Same(scope, Group) || AppOf(scope) is not null;

    private static PracticeAnswer Missing(string path) => path.StartsWith($"/subscriptions/{Subscription}", StringComparison.OrdinalIgnoreCase)
        ? PracticeAnswer.Error(404, "ResourceNotFound", $"The Resource '{path}' was not found in the practice subscription.")
        : PracticeAnswer.Error(404, "SubscriptionNotFound", "The subscription could not be found: the sandbox has the practice subscription only.");

    private static PracticeAnswer List(params JsonObject[] items) => PracticeAnswer.Ok(new JsonObject { ["value"] = new JsonArray([.. items]) });

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
