using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>
/// management.azure.com as az sees it: what is in it can be read, listed, changed, and acted on by operations that take a while. It serves any api-version, because the
/// tests say which az asks for; what it is asked and does not know is a 404, as of Azure.
/// </summary>
internal sealed class AzArm() : WireEnd("management.azure.com", "https://management.azure.com")
{
    public static readonly string Group = $"/subscriptions/{Known.Subscription}/resourceGroups/web";
    private readonly ConcurrentDictionary<string, JsonObject> resources = new(StringComparer.OrdinalIgnoreCase);
    private int operations;

    /// <summary>How an operation that was accepted ends.</summary>
    public string End { get; set; } = """{"name":"op","status":"Succeeded"}""";

    /// <summary>Without what az asks when it signs in, and without its questions after an operation.</summary>
    public IReadOnlyList<WireRequest> Asked => [.. Requests.Where(r => !IsSignIn(r) && !IsPoll(r))];

    public IReadOnlyList<WireRequest> Changes => [.. Requests.Where(r => !r.IsRead)];

    public static bool IsPoll(WireRequest request) => request.Path.Contains("/operations/", StringComparison.OrdinalIgnoreCase);

    public void Add(string id, string type, JsonObject resource)
    {
        resource["id"] = id;
        resource["name"] = id.Split('/')[^1];
        resource["type"] = type;
        resource["location"] ??= "westeurope";
        resources[id] = resource;
    }

    protected override WireAnswer Answered(WireRequest request, WireAnswer answer, bool scripted)
    {
        var traced = answer.With("x-ms-request-id", Guid.NewGuid().ToString()).With("x-ms-correlation-request-id", Guid.NewGuid().ToString());
        ExchangeLog.Write(request, traced, scripted);
        return traced;
    }

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token)
    {
        var path = "/" + string.Join('/', request.Segments);
        if (!request.Query.ContainsKey("api-version")) return WireAnswer.Error(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        return (request.Method, path) switch
        {
            ("GET", "/subscriptions") => WireAnswer.Ok(new JsonObject { ["value"] = new JsonArray(new JsonObject
            {
                ["id"] = $"/subscriptions/{Known.Subscription}", ["subscriptionId"] = Known.Subscription, ["tenantId"] = Known.Tenant, ["displayName"] = "Production", ["state"] = "Enabled",
            }) }),
            ("GET", _) when IsPoll(request) => new WireAnswer(200, End).With("Retry-After", "0"),
            ("GET", _) when resources.TryGetValue(path, out var found) => WireAnswer.Ok(found.DeepClone()),
            ("GET", _) when request.Segments is ["subscriptions", _, "resources"] => Resources(request),
            ("GET", _) when path.EndsWith("/eventtypes/management/values", StringComparison.OrdinalIgnoreCase) => WireAnswer.Ok(AzResources.Events()),
            ("GET", _) when path.EndsWith("/providers/Microsoft.Insights/metrics", StringComparison.OrdinalIgnoreCase) => WireAnswer.Ok(AzResources.Metric(path)),
            ("GET", _) when path.Contains("/providers/", StringComparison.OrdinalIgnoreCase) && Below(path).ToList() is { Count: > 0 } listed => Listed(listed),
            ("PUT" or "PATCH", _) when resources.TryGetValue(path, out var changed) && request.Json is JsonObject body => Change(changed, body),
            ("POST", _) when resources.ContainsKey(path[..path.LastIndexOf('/')]) => Begin(new WireAnswer(202)),
            _ => WireAnswer.Error(404, "ResourceNotFound", $"The Resource '{path}' was not found."),
        };
    }

    private static bool IsSignIn(WireRequest request) => request.Path.TrimEnd('/').Equals("/subscriptions", StringComparison.OrdinalIgnoreCase);

    private IEnumerable<JsonObject> Below(string path) => resources.Where(r => r.Key.StartsWith(path + '/', StringComparison.OrdinalIgnoreCase) && !r.Key[(path.Length + 1)..].Contains('/', StringComparison.Ordinal))
        .OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value);

    /// <summary>Of the filters only what az writes: group and type.</summary>
    private WireAnswer Resources(WireRequest request)
    {
        var filter = request.Query.GetValueOrDefault("$filter") ?? "";
        var type = filter.Split("resourceType eq '").ElementAtOrDefault(1)?.TrimEnd('\'');
        return Listed([.. resources.Where(r => r.Key.StartsWith(Group + "/providers/", StringComparison.OrdinalIgnoreCase) && filter.Contains("resourceGroup eq 'web'", StringComparison.Ordinal)
            && (type is null || r.Value["type"]!.GetValue<string>().Equals(type, StringComparison.OrdinalIgnoreCase))).OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => r.Value)]);
    }

    private static WireAnswer Listed(IReadOnlyList<JsonObject> all) => WireAnswer.Ok(new JsonObject { ["value"] = new JsonArray([.. all.Select(r => r.DeepClone())]) });

    private WireAnswer Change(JsonObject resource, JsonObject body)
    {
        foreach (var (name, value) in body.Where(m => m.Key != "properties")) resource[name] = value?.DeepClone();
        foreach (var (name, value) in body["properties"] as JsonObject ?? []) resource["properties"]![name] = value?.DeepClone();
        return Begin(WireAnswer.Ok(resource.DeepClone()));
    }

    private WireAnswer Begin(WireAnswer answer)
    {
        var number = Interlocked.Increment(ref operations).ToString(CultureInfo.InvariantCulture);
        var poll = $"https://management.azure.com/subscriptions/{Known.Subscription}/providers/Microsoft.Compute/locations/westeurope/operations/{number}?api-version=2020-01-01";
        return answer.With("Azure-AsyncOperation", poll).With("Location", poll).With("Retry-After", "0");
    }
}
