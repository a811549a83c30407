using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>One JSON line for every ARM exchange, for the judge of <c>Judges/oav</c>; written only when the environment names a folder in <c>OAV_EXCHANGES</c>.</summary>
internal static class ExchangeLog
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("OAV_EXCHANGES");
    private static readonly Lock Gate = new();
    private static readonly string? OneFile = Folder is null ? null : Path.Combine(Folder, $"arm-{Environment.ProcessId}-{Guid.NewGuid():n}.jsonl");

    /// <summary>Who sent it, where it is not the bot.</summary>
    public const string Az = "az";

    /// <param name="scripted">A fault made this answer: it is meant to be wrong, only the request is judged.</param>
    public static void Write(WireRequest request, WireAnswer answer, bool scripted, string by = "bot")
    {
        if (OneFile is null) return;
        var line = new JsonObject
        {
            ["request"] = new JsonObject
            {
                ["method"] = request.Method, ["url"] = request.Url, ["body"] = request.Body,
                ["headers"] = Headers(request.Headers.Where(header => !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))),
            },
            ["response"] = new JsonObject { ["status"] = answer.Status, ["headers"] = Headers(answer.Headers), ["body"] = answer.Body },
            ["scripted"] = scripted, ["by"] = by,
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
