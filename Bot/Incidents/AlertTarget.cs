using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>
/// The one resource an alert is about. For a search over collected data that is the resource the data came from, never the workspace that
/// holds it. Several, none, or one with an id outside the grammar: no target, and a sentence why.
/// </summary>
internal static class AlertTarget
{
    private static readonly string[] ResourceDimensions = ["_ResourceId", "ResourceId"];
    private static readonly string[] DataStores = ["Microsoft.OperationalInsights/workspaces", "Microsoft.Monitor/accounts"];

    public static (ResourceId? Target, string? Problem) Of(string signal, string service, JsonElement essentials, JsonElement context) =>
        InAzure(signal, service, essentials, context) is var (target, problem) && target is not null ? AlertedObject.Of(target, context) : (null, problem);

    private static (ResourceId? Target, string? Problem) InAzure(string signal, string service, JsonElement essentials, JsonElement context)
    {
        var targets = essentials.Texts("alertTargetIDs", "data.essentials.alertTargetIDs");
        var items = essentials.Texts("configurationItems", "data.essentials.configurationItems");
        if (!Is(signal, "Log") && !service.Contains("Prometheus", StringComparison.OrdinalIgnoreCase))
        {
            return One(targets, "The alert names no target resource.");
        }

        // Names alone ("web-01") are not resources: only full ids count.
        string[] monitored = [.. items.Concat(Dimensions(context, ResourceDimensions).Select(d => d.Value)).Where(i => i.StartsWith('/'))];
        if (monitored.Length > 0)
        {
            return One(monitored, "");
        }

        var (target, problem) = One(targets, "The alert names no target resource.");
        return target is not null && DataStores.Any(target.IsOfType)
            ? (null, "The alert searches a workspace and does not name the monitored resource by its full id; split the rule by the _ResourceId column.")
            : (target, problem);
    }

    private static (ResourceId?, string?) One(IReadOnlyList<string> texts, string none)
    {
        if (texts.Count == 0)
        {
            return (null, none);
        }

        HashSet<ResourceId> distinct = [];
        foreach (var text in texts)
        {
            if (!ResourceId.TryParse(text, out var id, out var why))
            {
                return (null, $"The target's id is not an Azure resource id: {why}.");
            }

            distinct.Add(id);
        }

        return distinct.Count == 1 ? (distinct.First(), null) : (null, $"The alert names {distinct.Count} targets; one is needed.");
    }

    /// <summary>Those of these names, of all conditions.</summary>
    public static IEnumerable<(string Name, string Value)> Dimensions(JsonElement context, IReadOnlyList<string> names)
    {
        if (context.Member("condition")?.Member("allOf") is not { ValueKind: JsonValueKind.Array } conditions)
        {
            yield break;
        }

        foreach (var condition in conditions.EnumerateArray())
        {
            if (condition.Member("dimensions") is not { ValueKind: JsonValueKind.Array } dimensions)
            {
                continue;
            }

            foreach (var dimension in dimensions.EnumerateArray())
            {
                if (dimension.OptionalKey("name", "a dimension's name") is { } name && names.Any(n => Is(n, name))
                    && dimension.OptionalKey("value", "a dimension's value") is { } value)
                {
                    yield return (name, value);
                }
            }
        }
    }

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
