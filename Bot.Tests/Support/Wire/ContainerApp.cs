using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A container app in multiple revisions mode: an old revision that is healthy, and a latest one that is what the test says.</summary>
internal sealed class ContainerApp(string subscription, string resourceGroup, string name, TimeProvider clock)
    : AzureResource(subscription, resourceGroup, "Microsoft.App/containerApps", name, clock)
{
    private readonly DateTimeOffset made = clock.GetUtcNow();

    public string Old => $"{Name}--v1";

    public string Latest => $"{Name}--v2";

    public string LatestHealth { get; set; } = "Unhealthy";

    public string OldHealth { get; set; } = "Healthy";

    public JsonArray Traffic { get; set; } = [new JsonObject { ["latestRevision"] = true, ["weight"] = 100 }];

    public override JsonObject ToJson() => new()
    {
        ["id"] = Id, ["name"] = Name, ["type"] = Type, ["location"] = Location,
        ["properties"] = new JsonObject
        {
            ["provisioningState"] = "Succeeded", ["runningStatus"] = "Running", ["latestRevisionName"] = Latest,
            ["configuration"] = new JsonObject { ["activeRevisionsMode"] = "Multiple", ["ingress"] = new JsonObject { ["external"] = true, ["traffic"] = Traffic.DeepClone() } },
        },
    };

    public JsonObject? Revision(string of) => of != Old && of != Latest ? null : new()
    {
        ["id"] = $"{Id}/revisions/{of}", ["name"] = of, ["type"] = "Microsoft.App/containerApps/revisions",
        ["properties"] = new JsonObject
        {
            ["active"] = true, ["healthState"] = of == Latest ? LatestHealth : OldHealth, ["runningState"] = "Running", ["trafficWeight"] = Weight(of),
            ["createdTime"] = (made - (of == Latest ? TimeSpan.FromMinutes(30) : TimeSpan.FromDays(3))).UtcDateTime.ToString("O"),
        },
    };

    private int Weight(string of) => Traffic.OfType<JsonObject>()
        .Where(share => (share["latestRevision"]?.GetValue<bool>() == true ? Latest : share["revisionName"]?.GetValue<string>()) == of)
        .Sum(share => share["weight"]!.GetValue<int>());
}
