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
    public async Task Broken_activities_of_people_who_may_nothing_change_nothing() => Assert.Equal(0, (await Activities()).Accepted);

    [Fact, FailureMode(10)]
    public async Task An_Administrators_click_with_one_thing_wrong_decides_nothing() => Assert.Equal(0, (await CardData()).Accepted);

    [Fact]
    public async Task Broken_alerts_are_incidents_or_refused_and_decide_nothing() => Assert.Equal(0, (await Webhooks()).Accepted);

    /// <summary>For a table of figures, as the two below.</summary>
    internal static async Task<FuzzFigures> Activities(int count = 2_500)
    {
        await using var asking = await Asking.Start(settings: Patient);
        var inputs = new ActivityInputs(asking.Bot.Tokens, asking.Card);
        return await OnACard(asking, ActivityInputs.Family, Enumerable.Range(100_000, count).Select(inputs.Of));
    }

    internal static async Task<FuzzFigures> CardData(int count = 1_500)
    {
        await using var asking = await Asking.Start(settings: Patient);
        var inputs = new CardInputs(asking.Bot.Tokens, asking.Card);
        return await OnACard(asking, CardInputs.Family, Enumerable.Range(200_000, count).Select(inputs.Of));
    }

    internal static async Task<FuzzFigures> Webhooks(int count = 2_500)
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), Patient);
        await bot.Install();
        var (run, inputs) = (new FuzzRun(bot), new WebhookInputs(bot.Cloud, app.Id));
        var figures = await run.Send(WebhookInputs.Family, Enumerable.Range(300_000, count).Select(inputs.Of));
        Assert.Empty(await run.BeyondAsking());
        Assert.Empty(bot.Cloud.Arm.Mutations);
        Assert.InRange(figures.Answered, 1, figures.Tried / 2);
        return figures;
    }

    private static async Task<FuzzFigures> OnACard(Asking asking, string family, IEnumerable<FuzzInput> inputs)
    {
        await asking.Bot.WaitForAudit("Delivery");
        var run = new FuzzRun(asking.Bot);
        var before = await run.Standing();
        var figures = await run.Send(family, inputs);
        Assert.Equal(before, await run.Standing());
        await asking.ApproveStillWorks();
        // What a good click changes is what was looked at.
        Assert.NotEqual(before, await run.Standing());
        return figures;
    }

    /// <summary>Below HTTP's own libraries: lengths that lie, chunks that are none, heads that never end. Each is answered or hung up on, and nobody else notices.</summary>
    [Fact]
    public async Task Requests_that_are_broken_on_the_wire_are_hung_up_on_and_the_next_one_is_served()
    {
        await using var bot = await BotHost.Start();
        var bearer = $"Authorization: Bearer {bot.Tokens.Good()}\r\n";
        foreach (var (path, head) in ((string, string)[])[("/api/messages", bearer), ("/api/messages", ""), ($"/api/incidents/azure-monitor?key={BotClient.WebhookKey}", ""), ("/api/incidents/pagerduty", "X-PagerDuty-Signature: v1=00\r\n")])
        {
            foreach (var rest in WireNonsense.AfterTheHead)
            {
                var status = await WireNonsense.Send(bot.Address, $"POST {path} HTTP/1.1\r\nHost: bot\r\n{head}{rest}");
                Assert.True(status is null or (>= 400 and < 500), $"{status} to {path} with {rest[..Math.Min(rest.Length, 200)]}");
            }
        }

        Assert.NotEmpty(await bot.Get("/healthz"));
        Assert.DoesNotContain(bot.Logs.Text.Split('\n'), l => l.StartsWith("Error ", StringComparison.Ordinal) || l.StartsWith("Critical ", StringComparison.Ordinal));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public void Broken_settings_are_told_line_by_line_and_never_thrown()
    {
        var folder = Directory.CreateTempSubdirectory("runmodes-test-").FullName;
        try
        {
            var inputs = new SettingsInputs(folder);
            var tried = Enumerable.Range(400_000, 300).Select(seed => (Seed: seed, Result: inputs.Try(seed))).ToList();
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
