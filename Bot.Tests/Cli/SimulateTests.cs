using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Cli;

/// <summary>What would happen with an alert, by the router, the runbooks and the gate that a run has; and nothing happens.</summary>
public sealed class SimulateTests
{
    [Theory]
    [InlineData("app-service-prod", "Plan: prod-web.", "Mode: Review (plan prod-web).", "Proposes: Restart App Service 'app-service-prod'", "Verdict: AskFirst. The run mode is Review (plan prod-web).", "Then: a card asks for approval")]
    [InlineData("app-service-staging", "Plan: staging-web.", "Mode: Autonomous (plan staging-web).", "Proposes: Restart App Service 'app-service-staging'", "Verdict: Proceed.", "Then: it is executed without asking")]
    [InlineData("app-service-other", "Plan: none. No plan matches. The nearest is", "Then: it is stored and listed under 'unmatched'")]
    public async Task It_tells_plan_mode_finding_verdict_and_what_follows_and_changes_nothing(string app, params string[] told)
    {
        await using var bot = await BotHost.Start(cloud => cloud.Sick(app));
        await bot.StopApp();
        var store = Bytes(bot);

        var (exit, output) = await bot.Look(["simulate", "--alert", Alert(bot, app)]);

        Assert.Equal(0, exit);
        Assert.All(told, part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.EndsWith("Nothing was changed or started.", output.TrimEnd(), StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        Assert.Empty(bot.Cloud.Teams.Posted);
        Assert.Equal(store, Bytes(bot));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_stands_in_the_way_and_what_is_there_already_is_told()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        var (_, joins) = await bot.Look(["simulate", "--alert", Alert(bot, World.Prod)]);
        Assert.Contains("is counted. A run is in progress.", joins, StringComparison.Ordinal);
        Assert.Contains("Then: no run is started.", joins, StringComparison.Ordinal);

        bot.Cloud.Arm.Access.ReadOnly($"/subscriptions/{Known.Subscription}");
        var (_, blocked) = await bot.Look(["simulate", "--alert", Alert(bot, World.Prod, rule: "Another rule")]);
        Assert.Contains("Verdict: Blocked. The agent's identity lacks Microsoft.Web/sites/restart/Action", blocked, StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task What_hooks_would_say_is_told_and_not_kept()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Sick(World.Staging));
        await bot.StopApp();
        var store = Bytes(bot);
        var (_, output) = await bot.Look(["simulate", "--alert", Alert(bot, World.Staging)], new Dictionary<string, string?>
        {
            ["Hooks:0:Name"] = "quiet", ["Hooks:0:Matcher"] = "ArmWrite", ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "ask", ["Hooks:0:Reason"] = "People look first",
        });
        Assert.Contains("Verdict: AskFirst. Hook 'quiet' asks for approval: People look first.", output, StringComparison.Ordinal);
        Assert.Equal(store, Bytes(bot));
    }

    [Theory]
    [InlineData("{\"schemaId\":\"azureMonitorCommonAlertSchema\",\"data\":{}}", "--alert: data.essentials is missing")]
    [InlineData("not json", "--alert: The body is not valid JSON")]
    [InlineData("", "is empty")]
    [InlineData(null, "cannot be read")]
    public async Task A_file_that_is_no_alert_is_told_in_one_line(string? content, string problem)
    {
        await using var bot = await BotHost.Start();
        var file = Path.Combine(bot.Folder, "alert.json");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
        }

        var (exit, output) = await bot.Look(["simulate", "--alert", file]);
        Assert.Equal(2, exit);
        Assert.Contains(problem, Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    /// <summary>As the README types it, before the bot was ever started.</summary>
    [Fact]
    public async Task As_a_command_before_the_first_start_it_takes_the_plans_of_the_settings()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        var file = Path.Combine(home.Folder, "alert.json");
        await File.WriteAllTextAsync(file, Alerts.Metric(app.Id, "High memory", "Sev1", cloud.Clock.GetUtcNow() - TimeSpan.FromMinutes(5)).ToJsonString(), TestContext.Current.CancellationToken);

        var (exit, output) = await BotProcess.Command(cloud, home.Settings(), "simulate", "--alert", file);

        Assert.Equal(0, exit);
        Assert.Contains("Plan: prod-web.", output, StringComparison.Ordinal);
        Assert.Contains("Then: a card asks for approval", output, StringComparison.Ordinal);
        Assert.Equal([file], Directory.GetFileSystemEntries(home.Folder));
        Assert.Empty(cloud.Arm.Mutations);
    }

    private static string Alert(BotHost bot, string app, string rule = "High memory")
    {
        var id = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{app}";
        JsonObject alert = Alerts.Metric(id, rule, "Sev1", bot.Clock.GetUtcNow() - TimeSpan.FromMinutes(5));
        var file = Path.Combine(bot.Folder, "alert.json");
        File.WriteAllText(file, alert.ToJsonString());
        return file;
    }

    private static string Bytes(BotHost bot) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(bot.Folder, "runmodes.db"))));
}
