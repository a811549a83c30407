using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>What lies beside the app: deployments, the plan's properties, a machine's states.</summary>
internal sealed partial class AzureWorld
{
    private static string At(double minutesAgo) => (Now - TimeSpan.FromMinutes(minutesAgo)).UtcDateTime.ToString("O");

    private JsonObject Deployments((string Id, double MinutesAgo)? active) => new()
    {
        ["value"] = new JsonArray(
            new JsonObject { ["id"] = $"{Id}/deployments/ancient", ["properties"] = new JsonObject { ["active"] = false } },
            active is { } serves ? new JsonObject { ["id"] = $"{Id}/deployments/{serves.Id}", ["properties"] = new JsonObject { ["active"] = true, ["end_time"] = At(serves.MinutesAgo) } } : new JsonObject()),
    };

    private JsonObject PlanProperties()
    {
        var properties = (JsonObject)OfPlan.DeepClone();
        properties["numberOfSites"] = AppsOnPlan;
        properties["reserved"] = true;
        return properties;
    }

    private JsonObject InstanceView() => new()
    {
        ["vmAgent"] = GuestAgent is { } says ? new JsonObject { ["statuses"] = new JsonArray(new JsonObject { ["code"] = "ProvisioningState/x", ["displayStatus"] = says }) } : null,
        ["statuses"] = new JsonArray(
            new JsonObject { ["code"] = "ProvisioningState/succeeded" }, Power is { } power ? new JsonObject { ["code"] = $"PowerState/{power}" } : new JsonObject()),
    };
}
