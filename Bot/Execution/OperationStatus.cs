using System.Globalization;
using System.Text.Json;
using Azure;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>Reads how a long-running operation stands out of Azure's answers, the first one and those to polls.</summary>
internal static class OperationStatus
{
    private const int LongestProgress = 60;

    /// <summary>When Azure does not say how long to wait.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>Seconds, which may be fractional, or a date; never less than a second and never more than a minute.</summary>
    public static TimeSpan RetryAfter(Response response, DateTimeOffset now)
    {
        if (!response.Headers.TryGetValue("Retry-After", out var text))
        {
            return Usual;
        }

        var wait = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(Math.Min(seconds, Longest.TotalSeconds))
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at - now
            : Usual;
        return wait < Shortest ? Shortest : wait > Longest ? Longest : wait;
    }

    /// <summary>The status of an operation, at the top of its document.</summary>
    public static string? OfOperation(JsonElement body) => body.Text("status");

    public static string? OfResource(JsonElement body) => body.Member("properties")?.Text("provisioningState");

    public static bool Succeeded(string status) => Is(status, "Succeeded");

    public static bool Failed(string status) => Is(status, "Failed") || Is(status, "Canceled") || Is(status, "Cancelled");

    /// <summary>Azure's word with its percentage, when it gives one.</summary>
    public static string Progress(string status, JsonElement body)
    {
        var word = ArmError.Clean(status, LongestProgress);
        return body.Member("percentComplete") is { ValueKind: JsonValueKind.Number } percent && percent.TryGetDouble(out var done) && done is >= 0 and <= 100
            ? string.Create(CultureInfo.InvariantCulture, $"{word}, {done:0} %")
            : word;
    }

    /// <summary>An operation that ended badly says so with status 200: never judge it by the status of HTTP.</summary>
    public static ExecutionResult Failure(string status, ArmError? error, string? correlationId) => new(
        Outcome.Failed, error?.Code ?? ArmError.Clean(status, LongestProgress), error is { Message.Length: > 0 } ? error.Message : $"Azure ended the operation as {ArmError.Clean(status, LongestProgress)}.", correlationId, Sent: true);

    private static bool Is(string text, string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
}
