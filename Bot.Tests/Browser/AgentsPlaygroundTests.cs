using System.Text.RegularExpressions;
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
        var (ada, ben) = (await teams.Open(People.Ada), await teams.Open(People.Ben, Screen.Phone));
        var app = await Sick("app-service-prod");
        var card = await ada.SeesCard(app.Name, "Awaiting approval");
        await Expect(card).ToContainTextAsync("I found that app-service-prod is running slowly due to high memory usage");
        await Expect(card).ToContainTextAsync("Proposed action: Restart App Service 'app-service-prod'");
        await ada.Picture("awaiting", card);
        var theirs = await ben.SeesCard(app.Name, "Awaiting approval");
        await ben.Picture("awaiting-phone", theirs);
        await ChannelPage.Fits(theirs);

        await ada.Press(card, "Approve");

        await Expect(card).Not.ToContainTextAsync("Awaiting approval");
        await Expect(card.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await ben.SeesCard(app.Name, "Done, recovered");
        await Expect(theirs).ToContainTextAsync("Approved by Ada Admin");
        await Expect(theirs.GetByRole(AriaRole.Button)).ToHaveCountAsync(0);
        await ben.Picture("done-phone", theirs);
        await ada.SeesCard(app.Name, "Done, recovered");
        await ada.Picture("done", card);
        Assert.Equal(1, app.Restarts);
        Assert.Single(teams.Bot.Cloud.Arm.Mutations, sent => sent.Path.Contains(app.Name, StringComparison.OrdinalIgnoreCase));
        teams.AssertHonest();
    }

    [Fact]
    public async Task Deny_takes_the_reason_typed_into_the_card_and_nothing_is_executed()
    {
        var (ben, ada) = (await teams.Open(People.Ben, Screen.Phone), await teams.Open(People.Ada));
        var app = await Sick("app-service-orders");
        var card = await ben.SeesCard(app.Name, "Awaiting approval");

        await card.GetByRole(AriaRole.Button, new() { Name = "Deny", Exact = true }).ClickAsync();
        await card.GetByLabel("Why not?").FillAsync("a deployment is running");
        await ben.Picture("deny-phone", card);
        await ChannelPage.Fits(card);
        await ben.Press(card, "Confirm deny");

        foreach (var page in new[] { ben, ada })
        {
            var denied = await page.SeesCard(app.Name, "Denied by Ben Admin");
            await Expect(denied).ToContainTextAsync("a deployment is running");
            await Expect(denied).ToContainTextAsync("Nothing was executed");
            await Expect(denied.GetByRole(AriaRole.Button, new() { NameRegex = new("Approve|deny", RegexOptions.IgnoreCase) })).ToHaveCountAsync(0);
        }

        await ada.Picture("denied", ada.Card(app.Name));
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

        await sam.Picture("refused", await sam.SeesBanner("Only Administrators can approve"));
        await Expect(card).ToContainTextAsync("Awaiting approval");
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

        await Expect(report).ToContainTextAsync("I found app-service-staging was running slowly");
        await Expect(ada.Card(app.Name)).ToHaveCountAsync(0);
        await ada.Picture("autonomous", report);
        Assert.Equal(1, app.Restarts);
        teams.AssertHonest();
    }

    [Fact]
    public async Task A_mode_set_in_chat_holds_from_its_confirmation_on()
    {
        var ada = await teams.Open(People.Ada);

        await ada.Say("set night-web to autonomous");
        var card = await ada.SeesCard("night-web", "Awaiting approval: confirm this change");
        await ada.Picture("mode-asked", card);
        await ada.Press(card, "Confirm");

        await ada.SeesCard("night-web", "Done: changed");
        await ada.Say("plans");
        await ada.Picture("mode-set", await ada.SeesText("night-web · Autonomous"));
        var app = await Sick("app-service-night");
        await ada.SeesText("Done: I've restarted app-service-night. Memory usage is now normal");
        await Expect(ada.Card(app.Name)).ToHaveCountAsync(0);
        teams.AssertHonest();
    }

    [Fact]
    public async Task A_plan_is_paused_by_a_confirmation_that_names_who_takes_its_alerts()
    {
        var ada = await teams.Open(People.Ada);
        await ada.Say("help");
        var help = await ada.SeesText("Anybody here");
        await Expect(help).ToContainTextAsync("pause plan NAME");
        await ada.Picture("help", help);
        await ada.Say("pause the plan old-web");
        var card = await ada.SeesCard("Pause plan old-web", "Awaiting approval: confirm this change");
        await Expect(card).ToContainTextAsync("Its alerts fall to plan prod-web (Review)");
        await ada.Picture("pause-asked", card);

        await ada.Press(card, "Confirm");

        await ada.SeesCard("Pause plan old-web", "Done: changed");
        await ada.Say("plan old-web");
        await ada.Picture("plan-paused", await ada.SeesText("Changed last: by Ada Admin"));
        teams.AssertHonest();
    }

    [Fact]
    public async Task A_form_is_filled_in_corrected_and_confirmed()
    {
        var ada = await teams.Open(People.Ada);
        await ada.Say("edit plan form-web");
        var form = await ada.SeesCard("Edit plan form-web", "Awaiting input: fill in and save");
        await ada.Picture("form", form);
        await form.GetByLabel("Subscription id").FillAsync("production");
        await form.GetByLabel("Instructions, shown to approvers").FillAsync("Restart once, then call the database team.");
        await ada.Press(form, "Save");

        await Expect(form).ToContainTextAsync("1 field cannot be taken");
        await Expect(form).ToContainTextAsync("'production' is not a GUID");
        await Expect(form.GetByLabel("Instructions, shown to approvers")).ToHaveValueAsync("Restart once, then call the database team.");
        await ada.Picture("form-corrected", form);
        await form.GetByLabel("Subscription id").FillAsync("");
        await ada.Press(form, "Save");

        var card = await ada.SeesCard("then call the database team", "Awaiting approval: confirm this change");
        await Expect(form.First).ToContainTextAsync("Done: taken");
        await ada.Picture("form-confirmed", card);
        await ada.Press(card, "Confirm");
        await ada.SeesCard("then call the database team", "Done: changed");
        Assert.Equal(1, await teams.Bot.Count("SELECT COUNT(*) FROM plans WHERE plan_key = 'form-web' AND document LIKE '%then call the database team%'"));
        teams.AssertHonest();
    }

    [Fact]
    public async Task Tasks_are_listed_and_what_one_found_is_a_report()
    {
        var ada = await teams.Open(People.Ada);
        teams.Bot.Cloud.Arm.App("app-service-quiet", rg: "quiet", memory: Series.Flat(40), responseTime: Series.Flat(0.2));
        await ada.Say("tasks");
        await ada.Picture("tasks", await ada.SeesText("morning-check"));
        await ada.Say("run morning-check");
        await ada.Press(await ada.SeesCard("morning-check", "Awaiting approval: confirm this change"), "Confirm");

        var report = await ada.SeesText("quiet is healthy");
        await Expect(report).ToContainTextAsync("no alert firing");
        await ada.Picture("report", report);
        teams.AssertHonest();
    }

    private async Task<WebApp> Sick(string name)
    {
        var app = teams.Bot.Cloud.Arm.App(name, rg: "web", memory: Series.Rising(to: 94), responseTime: Series.Flat(4.2));
        await teams.Bot.Fire(app.Id);
        return app;
    }
}
