using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>What a site or a slot serves, as its deployment history tells it: the last one is active.</summary>
internal sealed record Deployment(string Id, DateTimeOffset Ended);

/// <summary>A deployment slot other than production.</summary>
internal sealed class Slot(string subscription, string resourceGroup, WebApp app, string name, TimeProvider clock)
    : AzureResource(subscription, resourceGroup, "Microsoft.Web/sites", $"{app.Name}/slots/{name}", clock)
{
    private readonly TimeProvider clock = clock;
    private readonly string slot = name;

    public int Swaps { get; private set; }

    public Deployment Serves { get; set; } = new("d-slot", clock.GetUtcNow() - TimeSpan.FromDays(2));

    public override JsonObject ToJson()
    {
        var json = app.ToJson();
        (json["id"], json["name"], json["type"]) = (Id, $"{app.Name}/{slot}", "Microsoft.Web/sites/slots");
        return json;
    }

    /// <summary>The contents change places, and production answers as <see cref="WebApp.ErrorsAfterSwap"/> says.</summary>
    internal void Swap()
    {
        Swaps++;
        (Serves, app.Serves) = (app.Serves, Serves);
        app.LastSwap = (clock.GetUtcNow(), slot);
        if (app.ErrorsAfterSwap is { } after) app.Metrics.From(clock.GetUtcNow(), "Http5xx", after);
    }
}
