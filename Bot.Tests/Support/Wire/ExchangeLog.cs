using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>One JSON line for every ARM exchange, for the judge of <c>Judges/oav</c>; written only when the environment names a folder in <c>OAV_EXCHANGES</c>.</summary>
internal static class ExchangeLog
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("OAV_EXCHANGES");
    private static readonly Lock Gate = new();
    private static readonly string? OneFile = Folder is null ? null : Path.Combine(Folder, $"arm-{Environment.ProcessId}-{Guid.NewGuid():n}.jsonl");

    /// <param name="scripted">A fault made this answer: it is meant to be wrong, only the request is judged.</param>
    public static void Write(WireRequest request, WireAnswer answer, bool scripted)
    {
        if (OneFile is null) return;
        var az = request.Headers.GetValueOrDefault("User-Agent")?.Contains("AZURECLI", StringComparison.Ordinal) == true;
        // The definitions know no polling URLs, and nothing of what az asks when it signs in.
        if (az && (request.Path.Contains("/operations/", StringComparison.OrdinalIgnoreCase) || request.Segments is ["subscriptions"])) return;
        var line = new JsonObject
        {
            ["request"] = new JsonObject
            {
                ["method"] = request.Method, ["url"] = request.Url, ["body"] = request.Body,
                ["headers"] = Headers(request.Headers.Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))),
            },
            ["response"] = new JsonObject { ["status"] = answer.Status, ["headers"] = Headers(answer.Headers), ["body"] = answer.Body },
            ["scripted"] = scripted, ["by"] = az ? "az" : "bot",
        };
        lock (Gate)
        {
            System.IO.Directory.CreateDirectory(Folder!);
            File.AppendAllText(OneFile, line.ToJsonString() + "\n");
        }
    }

    private static JsonObject Headers(IEnumerable<KeyValuePair<string, string>> headers) =>
        new(headers.Select(header => KeyValuePair.Create<string, JsonNode?>(header.Key.ToLowerInvariant(), header.Value)));
}
