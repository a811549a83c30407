using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>Looks for traces of an operation whose result was lost. What it finds is evidence for people, never a result.</summary>
internal sealed class ExecutionProbe(ArmReader azure, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    public Task<string> Look(Operation operation, DateTimeOffset since, CancellationToken cancellation) => operation.Match(
        arm => Look(arm.Action, arm.Target, since, cancellation),
        tool => tool.Object.Length == 0 ? Look(tool.Action, tool.Scope, since, cancellation) : Task.FromResult($"Ask the cluster: kubectl describe {tool.Object.Split('/')[1]}/{tool.Object.Split('/')[2]} -n {tool.Object.Split('/')[0]}."));

    private async Task<string> Look(string action, ResourceId target, DateTimeOffset since, CancellationToken cancellation)
    {
        var filter = $"eventTimestamp ge '{Iso(since - Skew)}' and eventTimestamp le '{Iso(clock.GetUtcNow() + Skew)}' and resourceGroupName eq '{target.ResourceGroup}'";
        var answer = await azure.GetAll(
            target.Subscription, "/providers/Microsoft.Insights/eventtypes/management/values", "2015-04-01", [("$filter", filter)], cancellation);
        return answer.Match(
            list => list.EnumerateArray().Where(e => IsOf(e, action, target)).Select(Words).LastOrDefault()
                ?? $"Azure's activity log shows no {action} on {target.Name} since {since:HH:mm:ss} UTC. It can lag by several minutes.",
            (_, _) => "Azure's activity log was not found.",
            (_, _) => "The agent may not read Azure's activity log.",
            reason => $"Azure's activity log could not be read: {reason}");
    }

    private static bool IsOf(JsonElement entry, string action, ResourceId target) =>
        Is(entry.Member("operationName")?.Text("value"), action) && Is(entry.Text("resourceId"), target.Value);

    private static string Words(JsonElement entry) =>
        $"Azure's activity log shows {entry.Member("operationName")?.Text("value")} at {entry.Text("eventTimestamp")}: {entry.Member("status")?.Text("value")}.";

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
