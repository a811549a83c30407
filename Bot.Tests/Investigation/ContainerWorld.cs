using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Investigation;

internal sealed record ContainerState(string Mode = "Multiple", string Running = "Running", string Provisioning = "Succeeded", string Traffic = """[{"latestRevision":true,"weight":100}]""", string? Latest = "shop--v2");

internal sealed record RevisionState(string Name, string? Health, double MinutesAgo, int Weight = 0, bool Active = true);

/// <summary>A container app and its revisions, as Azure Resource Manager describes them.</summary>
internal static class ContainerWorld
{
    public static JsonObject App(string id, ContainerState state) => new()
    {
        ["id"] = id, ["location"] = "West Europe",
        ["properties"] = new JsonObject
        {
            ["provisioningState"] = state.Provisioning, ["runningStatus"] = state.Running, ["latestRevisionName"] = state.Latest,
            ["configuration"] = new JsonObject { ["activeRevisionsMode"] = state.Mode, ["ingress"] = new JsonObject { ["traffic"] = JsonNode.Parse(state.Traffic) } },
        },
    };

    public static JsonObject Revision(string app, RevisionState state) => new()
    {
        ["id"] = $"{app}/revisions/{state.Name}", ["name"] = state.Name,
        ["properties"] = new JsonObject
        {
            ["active"] = state.Active, ["healthState"] = state.Health, ["runningState"] = "Running", ["trafficWeight"] = state.Weight,
            ["createdTime"] = (AzureWorld.Now - TimeSpan.FromMinutes(state.MinutesAgo)).UtcDateTime.ToString("O"),
        },
    };
}
