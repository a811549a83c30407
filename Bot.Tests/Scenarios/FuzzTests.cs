using RunModes.Bot.Tests.Fuzz;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>
/// Thousands of broken inputs, always the same ones: no 5xx, no unexpected exception, nothing decided, changed or executed, no token to a
/// foreign host, and the real click still counts afterwards. A failure names the family, the seed and the input.
/// </summary>
public sealed class FuzzTests
{
    private static readonly Dictionary<string, string?> Patient = new()
    {
        ["Agent:ApprovalExpiry"] = "7.00:00:00", ["Incidents:PagerDuty:SigningSecrets:0"] = WebhookInputs.PagerDutySecret,
        [$"Incidents:PagerDuty:Services:{WebhookInputs.Service}"] = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}",
    };

    [Fact]
    public async Task Broken_activities_of_people_who_may_nothing_change_nothing()
    {
        await using var asking = await Asking.Start(settings: Patient);
        await asking.Bot.WaitForAudit("Delivery");
        var (run, inputs) = (new FuzzRun(asking.Bot), new ActivityInputs(asking.Bot.Tokens, asking.Card));
        var before = await run.Standing();
        var figures = await run.Send(ActivityInputs.Family, Enumerable.Range(100_000, 3_000).Select(inputs.Of));
        Assert.Equal(before, await run.Standing());
        Assert.Equal(0, figures.Accepted);
        await asking.ApproveStillWorks();
    }

    [Fact]
    [FailureMode(10)]
    public async Task An_Administrators_click_with_one_thing_wrong_decides_nothing()
    {
        await using var asking = await Asking.Start(settings: Patient);
        await asking.Bot.WaitForAudit("Delivery");
        var (run, inputs) = (new FuzzRun(asking.Bot), new CardInputs(asking.Bot.Tokens, asking.Card));
        var before = await run.Standing();
        var figures = await run.Send(CardInputs.Family, Enumerable.Range(200_000, 2_000).Select(inputs.Of));
        Assert.Equal(before, await run.Standing());
        Assert.Equal(0, figures.Accepted);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task Broken_alerts_are_incidents_or_refused_and_decide_nothing()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), Patient);
        await bot.Install();
        var (run, inputs) = (new FuzzRun(bot), new WebhookInputs(bot.Cloud, app.Id));
        var figures = await run.Send(WebhookInputs.Family, Enumerable.Range(300_000, 3_000).Select(inputs.Of));
        Assert.Empty(await run.BeyondAsking());
        Assert.Empty(bot.Cloud.Arm.Mutations);
        Assert.Equal(0, figures.Accepted);
        Assert.InRange(figures.Answered, 100, figures.Tried / 2);
    }

    [Fact]
    public void Broken_settings_are_told_line_by_line_and_never_thrown()
    {
        var folder = Directory.CreateTempSubdirectory("runmodes-test-").FullName;
        try
        {
            var inputs = new SettingsInputs(folder);
            var tried = Enumerable.Range(400_000, 400).Select(seed => (Seed: seed, Result: inputs.Try(seed))).ToList();
            var wrong = tried.Where(t => t.Result.Wrong is not null).ToList();
            TestContext.Current.TestOutputHelper?.WriteLine(new FuzzFigures(SettingsInputs.Family, tried.Count, tried.Count(t => t.Result.Ready), wrong.Count).ToString());
            Assert.True(wrong.Count == 0, $"{wrong.Count} of {tried.Count}:\n{string.Join("\n\n", wrong.Take(10).Select(w => $"{w.Result.Wrong}\n  of {inputs.Describe(w.Seed)}"))}");
            Assert.InRange(tried.Count(t => t.Result.Ready), 20, tried.Count - 100);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
