using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What an Administrator refused does not come back by another way within a day.</summary>
public sealed class DenialTests
{
    [Fact]
    public async Task A_denial_holds_for_a_day_in_other_incidents_too()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Told(asking.Card, "deny", People.Ada, inputs: new JsonObject { ["reason"] = "we look by hand" });
        await asking.Bot.WaitForCard("Denied");

        // Another rule about the same app: an alert asks, with that history on its card.
        await asking.Bot.Fire(asking.App.Id, rule: "Slow answers");
        var asks = await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Contains("Ada Admin denied Restart App Service 'app-service-prod'", asks.Reads, StringComparison.Ordinal);
        Assert.Contains("we look by hand", asks.Reads, StringComparison.Ordinal);
        await asking.Bot.WaitForAudit("Delivery", 2);

        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(61));
        var expired = await asking.Bot.WaitForCard("Expired");
        Assert.Contains("Ada Admin denied this", await asking.Bot.Told(expired, "investigate", People.Sam), StringComparison.Ordinal);
        asking.Bot.Clock.Advance(TimeSpan.FromHours(24));
        Assert.DoesNotContain("denied this", await asking.Bot.Told(expired, "investigate", People.Sam), StringComparison.Ordinal);
    }
}
