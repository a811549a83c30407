using Microsoft.Playwright;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;
using static Microsoft.Playwright.Assertions;

namespace RunModes.Bot.Tests.Browser;

/// <summary>What people see and press, in Microsoft's own client for trying bots, over the production token path in both directions.</summary>
public sealed class AgentsPlaygroundTests(TeamsInTheBrowser teams) : IClassFixture<TeamsInTheBrowser>
{
    [Fact]
    public async Task Approve_replaces_the_card_for_presser_and_onlooker_and_restarts_once()
    {
        var (ada, ben) = (await teams.Open(People.Ada), await teams.Open(People.Ben));
        var app = await Sick("app-service-prod");
        var card = await ada.SeesCard(app.Name, "Awaiting approval");
        await Expect(card).ToContainTextAsync("I found that app-service-prod is running slowly due to high memory usage");
        await Expect(card).ToContainTextAsync("Proposed action: Restart App Service 'app-service-prod'");
        await ben.SeesCard(app.Name, "Awaiting approval");
        await ada.Picture("1-awaiting");

        await ada.Press(card, "Approve");

        await Expect(card).Not.ToContainTextAsync("Awaiting approval");
        await Expect(card.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        var theirs = await ben.SeesCard(app.Name, "Done, recovered");
        await Expect(theirs).ToContainTextAsync("Approved by Ada Admin");
        await Expect(theirs.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await ada.SeesCard(app.Name, "Done, recovered");
        await ben.Picture("2-done");
        Assert.Equal(1, app.Restarts);
        Assert.Single(teams.Bot.Cloud.Arm.Mutations, sent => sent.Path.Contains(app.Name, StringComparison.OrdinalIgnoreCase));
        teams.AssertHonest();
    }

    [Fact]
    public async Task Deny_takes_the_reason_typed_into_the_card_and_nothing_is_executed()
    {
        var (ada, ben) = (await teams.Open(People.Ada), await teams.Open(People.Ben));
        var app = await Sick("app-service-orders");
        var card = await ada.SeesCard(app.Name, "Awaiting approval");

        await card.GetByRole(AriaRole.Button, new() { Name = "Deny", Exact = true }).ClickAsync();
        await card.GetByLabel("Why not?").FillAsync("a deployment is running");
        await ada.Picture("3-deny");
        await ada.Press(card, "Confirm deny");

        foreach (var page in new[] { ada, ben })
        {
            var denied = await page.SeesCard(app.Name, "Denied by Ada Admin");
            await Expect(denied).ToContainTextAsync("a deployment is running");
            await Expect(denied).ToContainTextAsync("Nothing was executed");
            await Expect(denied.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        }

        await ben.Picture("4-denied");
        Assert.Equal(0, app.Restarts);
        teams.AssertHonest();
    }

    [Fact]
    public async Task A_Standard_User_is_told_why_not_and_the_card_stays_usable()
    {
        var (sam, ada) = (await teams.Open(People.Sam), await teams.Open(People.Ada));
        var app = await Sick("app-service-checkout");
        var card = await sam.SeesCard(app.Name, "Awaiting approval");

        await sam.Press(card, "Approve");

        Assert.Contains("Administrator", await sam.SeesBanner(), StringComparison.Ordinal);
        await Expect(card).ToContainTextAsync("Awaiting approval");
        await sam.Picture("5-refused");
        Assert.Equal(0, app.Restarts);

        await ada.Press(await ada.SeesCard(app.Name, "Awaiting approval"), "Approve");
        await ada.SeesCard(app.Name, "Done, recovered");
        Assert.Equal(1, app.Restarts);
        teams.AssertHonest();
    }

    [Fact]
    public async Task Autonomous_reports_in_a_plain_message()
    {
        var ada = await teams.Open(People.Ada);
        var app = await Sick("app-service-staging");

        var report = await ada.SeesText("Done: I've restarted app-service-staging. Memory usage is now normal");

        Assert.Contains("I found app-service-staging was running slowly", report, StringComparison.Ordinal);
        await Expect(ada.Card(app.Name)).ToHaveCountAsync(0);
        await ada.Picture("6-autonomous");
        Assert.Equal(1, app.Restarts);
        teams.AssertHonest();
    }

    private async Task<WebApp> Sick(string name)
    {
        var app = teams.Bot.Cloud.Arm.App(name, rg: "web", memory: Series.Rising(to: 94), responseTime: Series.Flat(4.2));
        await teams.Bot.Fire(app.Id);
        return app;
    }
}
