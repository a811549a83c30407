using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>How Azure says that it is still at it.</summary>
internal enum UnderWay { Location202 = 0, AsyncOperation202, AsyncOperation200, ProvisioningState201 }

/// <param name="End">Succeeded, Failed or Canceled.</param>
/// <param name="Looks">How many polls are answered "still running" first; the effect comes with the last one.</param>
internal sealed record LongRunningPlan(UnderWay Says, string End = "Succeeded", int Looks = 2)
{
    /// <summary>Null: not said.</summary>
    public string? RetryAfter { get; init; } = "0";

    /// <summary>Where the polling URL leads: another host shows whether the caller would carry its token there.</summary>
    public string Host { get; init; } = "management.azure.com";

    public const int ForEver = int.MaxValue;
}

/// <summary>
/// Operations that Azure accepts and works on. Its polling URLs are as long and as oddly escaped as real ones, and whoever asks with other bytes than
/// were given out is refused.
/// </summary>
internal sealed class LongRunning
{
    private readonly ConcurrentDictionary<string, Operation> operations = new();
    private int count;

    /// <summary>For every change from now on; null: each action as Azure does it by itself.</summary>
    public LongRunningPlan? Plan { get; set; }

    /// <summary>Raw, as they stood in the headers.</summary>
    public IReadOnlyList<string> Urls => [.. operations.Values.Select(o => o.Url)];

    public int Polls => operations.Values.Sum(o => o.Asked);

    /// <summary>Every running operation ends with the next look.</summary>
    public void Release()
    {
        foreach (var operation in operations.Values) operation.Left = 0;
    }

    internal static bool IsPoll(WireRequest request) => request.Path.Contains("/operationStatuses/", StringComparison.Ordinal);

    internal string? StateOf(string resource) =>
        operations.Values.LastOrDefault(o => o.Plan.Says == UnderWay.ProvisioningState201 && o.Resource.Equals(resource, StringComparison.OrdinalIgnoreCase)) is not { } last ? null
        : last.Look() is { } ended ? ended : "Updating";

    internal WireAnswer Begin(string resource, LongRunningPlan plan, Action effect)
    {
        var id = Interlocked.Increment(ref count).ToString(CultureInfo.InvariantCulture);
        // The certificate: base64 with its + and = in three ways of writing, and an escaped letter that a careless client would unescape.
        var certificate = string.Concat(Enumerable.Range(0, 74).Select(i => $"MIIHhzCCBm%2BgAwIB+AgIT{i:000}%2f%41AADy0cE7EZ~c=")) + "%3D%3d";
        var subscription = resource.Split('/')[2];
        var url = $"https://{plan.Host}/subscriptions/{subscription}/providers/Microsoft.Web/locations/westeurope/operationStatuses/{id}"
            + $"?api-version=2023-12-01&t=638680000000000000&c={certificate}&s=canary%2Bsignature+of%2fazure==&h=canaryhash~_-{id}";
        operations[id] = new Operation(resource, plan, url, effect) { Left = plan.Looks };
        var answer = plan.Says switch
        {
            UnderWay.AsyncOperation200 => WireAnswer.Ok(new JsonObject { ["properties"] = new JsonObject { ["provisioningState"] = "Updating" } }),
            UnderWay.ProvisioningState201 => WireAnswer.Json(201, new JsonObject { ["properties"] = new JsonObject { ["provisioningState"] = "Updating" } }),
            _ => new WireAnswer(202),
        };
        answer = plan.Says switch
        {
            UnderWay.Location202 => answer.With("Location", url),
            UnderWay.ProvisioningState201 => answer,
            // As Azure does: both, and the one to prefer is not the other.
            _ => answer.With("Azure-AsyncOperation", url).With("Location", $"https://{plan.Host}/subscriptions/{subscription}/operationStatuses/not-this-one?{id}"),
        };
        return plan.RetryAfter is null ? answer : answer.With("Retry-After", plan.RetryAfter);
    }

    internal WireAnswer Poll(WireRequest request)
    {
        if (!operations.TryGetValue(request.Segments[^1], out var operation)) return WireAnswer.Error(404, "NotFound", "No such operation.");
        if (request.Url != operation.Url) return WireAnswer.Error(400, "InvalidSignature", $"The URL was changed on its way: {request.Url}");
        var end = operation.Look();
        WireAnswer answer;
        if (operation.Plan.Says == UnderWay.Location202)
        {
            answer = end switch
            {
                null => new WireAnswer(202).With("Location", operation.Url),
                "Succeeded" => new WireAnswer(200),
                _ => WireAnswer.Ok(Status(end, operation.Url)),
            };
        }
        else
        {
            answer = WireAnswer.Ok(Status(end ?? "InProgress", operation.Url));
        }

        return operation.Plan.RetryAfter is { } after ? answer.With("Retry-After", after) : answer;
    }

    /// <summary>A failure echoes what it was asked, as servers do: nobody may show that.</summary>
    private static JsonObject Status(string status, string url) => status is "Failed" or "Canceled"
        ? new() { ["status"] = status, ["error"] = new JsonObject { ["code"] = "AllocationFailed", ["message"] = $"Allocation failed. See {url} or {Uri.EscapeDataString(url)}." } }
        : new() { ["status"] = status };

    private sealed class Operation(string resource, LongRunningPlan plan, string url, Action effect)
    {
        private bool done;

        public string Resource => resource;
        public LongRunningPlan Plan => plan;
        public string Url => url;
        public int Left { get; set; }
        public int Asked { get; private set; }

        public string? Look()
        {
            Asked++;
            if (Left > 0)
            {
                if (Left != LongRunningPlan.ForEver) Left--;
                return null;
            }

            if (!done && plan.End == "Succeeded") effect();
            done = true;
            return plan.End;
        }
    }
}
