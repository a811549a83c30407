using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Review mode gates Azure infrastructure operations": reading Azure to investigate, and telling what was found, wait for nobody.</summary>
public sealed class WhatReviewDoesNotGateTests
{
    [Fact]
    public async Task An_investigation_reads_and_reports_without_approval_and_changes_nothing()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(41)));
        await bot.Install();
        await bot.Fire(app.Id);

        var report = await bot.WaitForText("I found that app-service-prod is running normally");
        Assert.Null(report.Card);
        Assert.Contains(bot.Cloud.Arm.Requests, r => r.Path.EndsWith("/metrics", StringComparison.OrdinalIgnoreCase));
        Assert.All(bot.Cloud.Arm.Requests, r => Assert.True(r.IsRead, r.ToString()));
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Asking_a_page_and_posting_to_another_channel_proceed_without_a_button()
    {
        await using var bot = await Tools(["get https://status.contoso.example/status", $"post to {Other}: The night is over, <at>everybody</at>."]);
        await bot.Install(Other);
        Strike(bot);
        var asked = await bot.WaitForText("Done: step 1 of 2 of task nightly asked status.contoso.example, which answered 200.");
        Assert.Contains("all systems go", asked.Text, StringComparison.Ordinal);
        var said = await bot.WaitForText("The night is over", m => m.ConversationId == Other);
        Assert.DoesNotContain("<at>", said.Text, StringComparison.Ordinal);
        await bot.WaitForText("Done: step 2 of 2 of task nightly posted to another channel.");
        Assert.Single(bot.Cloud.Site.Requests);
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
        Assert.Empty(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    public static TheoryData<string, string, string> HeldBack => new()
    {
        { "get https://elsewhere.example/", "", "elsewhere.example is not among Tools:HttpGet:Hosts of the settings" },
        { "get https://status.contoso.example/moved", "", "It was answered 302, a redirect, which is never followed." },
        { "get https://status.contoso.example/status", "PreToolUse", "Hook 'quiet' denies it: Nothing leaves at night." },
        { "get https://status.contoso.example/status", "PostToolUse", "was done, and what it gave is not used. Hook 'quiet' objects: Nothing leaves at night." },
        { $"post to {Other}: Hello", "", $"the bot is not installed in {Other}" },
        { $"post to {Known.Team}: Hello", "PreToolUse", "Hook 'quiet' denies it: Nothing leaves at night." },
        { $"post to {Known.Team}: Hello", "stop", "the emergency stop is on" },
    };

    [Theory]
    [MemberData(nameof(HeldBack))]
    public async Task Hooks_limits_and_the_stop_hold_them_back_and_it_is_said(string step, string by, string words)
    {
        var hook = by.Length == 0 || by == "stop" ? [] : new Dictionary<string, string?>
        {
            ["Hooks:0:Name"] = "quiet", ["Hooks:0:Event"] = by, ["Hooks:0:Matcher"] = "HttpGet|PostToTeams", ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "deny", ["Hooks:0:Reason"] = "Nothing leaves at night",
        };
        // The stop comes between two steps: a tick while it holds does not begin.
        await using var bot = await Tools(by == "stop" ? ["get https://status.contoso.example/status", step] : [step], hook);
        if (by == "stop")
        {
            bot.Cloud.Site.Faults.Always(Fault.Rewritten(answer =>
            {
                bot.Say(People.Sam, "stop").GetAwaiter().GetResult();
                return answer;
            }));
        }

        Strike(bot);
        Assert.Contains("of task nightly", (await bot.WaitForText(words.Replace("_", "\\_", StringComparison.Ordinal))).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Text?.StartsWith("Hello", StringComparison.Ordinal) == true && !m.Text.StartsWith("Hello, I'm", StringComparison.Ordinal));
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
        if (by == "PreToolUse")
        {
            Assert.Empty(bot.Cloud.Site.Requests);
        }

        bot.Cloud.AssertNothingUnexpected();
    }

    private const string Other = "19:other@thread.tacv2";

    private static Task<BotHost> Tools(IReadOnlyList<string> steps, Dictionary<string, string?>? more = null) => ToolsInstalled(new Dictionary<string, string?>(more ?? [])
    {
        ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "Steps", ["ScheduledTasks:0:Mode"] = "Review",
        ["ScheduledTasks:0:Steps:0"] = steps[0], ["ScheduledTasks:0:Steps:1"] = steps.ElementAtOrDefault(1), ["Tools:HttpGet:Hosts:0"] = "status.contoso.example",
    });

    private static async Task<BotHost> ToolsInstalled(Dictionary<string, string?> settings)
    {
        var bot = await BotHost.Start(settings: settings);
        await bot.Install();
        return bot;
    }

    private static void Strike(BotHost bot)
    {
        var now = bot.Clock.GetUtcNow();
        bot.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Everything_before_the_card_of_a_sick_app_is_a_read()
    {
        await using var asking = await Asking.Start();
        Assert.NotEmpty(asking.Cloud.Arm.Requests);
        Assert.All(asking.Cloud.Arm.Requests, r => Assert.True(r.IsRead, r.ToString()));
    }
}
