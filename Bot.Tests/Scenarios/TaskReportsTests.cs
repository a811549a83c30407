using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Daily health checks, cost reports and the weekly insights of the brief: read on a tick, said in one message, and what would help is proposed like after an alert.</summary>
public class TaskReportsTests
{
    private static readonly string Group = $"/subscriptions/{Known.Subscription}/resourceGroups/web";

    [Fact]
    public async Task A_health_check_is_one_message_and_what_a_runbook_would_mend_is_proposed_in_a_run_of_its_own()
    {
        await using var bot = await Start("HealthCheck", "Review", Sick);
        Tick(bot);
        var report = await bot.WaitForText("web is not well: 1 alert firing");
        Assert.Contains("**Sev1** High memory on app-service-prod", report.Reads, StringComparison.Ordinal);
        Assert.Contains("I found that app-service-prod is running slowly due to high memory usage. Proposed in a message of its own: Restart App Service 'app-service-prod'.", report.Reads, StringComparison.Ordinal);
        Assert.Contains("· task nightly", report.Reads, StringComparison.Ordinal);
        var card = await bot.WaitForAsk();
        Assert.Contains("Review (task nightly)", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);

        // The card waits: another check says so, and asks no second time.
        await RunByHand(bot);
        await bot.WaitForText("what is proposed for it already is not over. I propose nothing.");
        Assert.Single(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve") && m.Kind != PostKind.Update);

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task An_Autonomous_health_check_mends_what_it_finds_and_reports_it()
    {
        await using var bot = await Start("HealthCheck", "Autonomous", Sick);
        Tick(bot);
        await bot.WaitForText("Proposed in a message of its own");
        await bot.WaitForText("Done: I've restarted app-service-prod");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_an_Administrator_denied_is_said_and_not_asked_again_with_the_next_check()
    {
        await using var bot = await Start("HealthCheck", "Autonomous", Sick);
        await RunByHand(bot);
        var card = await bot.WaitForAsk();
        await bot.Press(card, "deny", People.Ada);
        await bot.WaitForCard("Denied");
        Tick(bot);
        await bot.WaitForText("Ada Admin denied Restart App Service 'app-service-prod' at");
        Assert.Empty(bot.Cloud.Arm.Mutations);
        Assert.Single(bot.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task A_healthy_group_is_said_to_be_healthy_and_nothing_else_happens()
    {
        await using var bot = await Start("HealthCheck", "Autonomous", cloud => cloud.Arm.App(World.Prod, "web", memory: Series.Flat(40), responseTime: Series.Flat(0.2)));
        Tick(bot);
        var report = await bot.WaitForText("**web is healthy**");
        Assert.Contains("2 resources available, no alert firing.", report.Reads, StringComparison.Ordinal);
        Assert.Contains("No change in 24 hours", report.Reads, StringComparison.Ordinal);
        await bot.Say(People.Rob, "task nightly");
        Assert.Contains("Reported: web is healthy", (await bot.WaitForText("**Last run**")).Text, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Without_the_alerts_nobody_is_told_that_it_is_healthy_and_the_third_time_the_task_is_off()
    {
        await using var bot = await Start("HealthCheck", "Autonomous", cloud =>
        {
            cloud.Arm.App(World.Prod, "web", memory: Series.Flat(40), responseTime: Series.Flat(0.2));
            cloud.Arm.Access.Withheld.Add("Microsoft.AlertsManagement/alerts/read");
        });
        for (var hour = 1; hour <= 3; hour++)
        {
            Tick(bot);
            await bot.Cloud.Teams.WaitFor(_ => bot.Cloud.Teams.Posted.Count(m => m.Reads.Contains("Could not tell whether web is well", StringComparison.Ordinal)) == hour, TimeSpan.FromSeconds(60), BotClient.Cancellation);
        }

        await bot.WaitForText("Task nightly has failed");
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Reads.Contains("healthy", StringComparison.Ordinal));
        Assert.All(bot.Cloud.Teams.Posted.Where(m => m.Reads.Contains("Could not tell", StringComparison.Ordinal)), m => Assert.Contains("Monitoring Reader", m.Reads, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cost_report_compares_this_week_with_the_last_and_names_what_made_the_difference()
    {
        await using var bot = await Start("CostReport", "Autonomous", cloud =>
        {
            var app = cloud.Arm.App(World.Prod, "web");
            var period = CostReport.LastDays(cloud.Clock.GetUtcNow() + TimeSpan.FromHours(1) - TimeSpan.FromMinutes(cloud.Clock.GetUtcNow().Minute), 7);
            for (var day = 0; day < 7; day++)
            {
                cloud.Arm.Costs.Add((period.From.AddDays(day), app.Plan.Id, 20 + day));
                cloud.Arm.Costs.Add((period.Before.From.AddDays(day), app.Plan.Id, 20));
            }

            // Half a day that Azure has not finished writing.
            cloud.Arm.Costs.Add((period.To.AddDays(1), app.Plan.Id, 1));
        });
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bot.Cloud.Arm.Faults.Next(Fault.Rewritten(_ =>
        {
            waits.TrySetResult();
            return WireAnswer.Error(429, "429", "Too many requests. Please retry.").With("x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after", "6");
        }), r => r.Is("POST", "/query"));
        Tick(bot);
        await waits.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, BotClient.Cancellation);
        var report = await bot.WaitForText("**web cost 161.00 EUR**, 15 % more than before");
        Assert.Contains("161.00  +21.00  plan-app-service-prod", report.Reads, StringComparison.Ordinal);
        Assert.Contains("▁", report.Reads, StringComparison.Ordinal);
        Assert.InRange(report.Summary!.Length, 1, 300);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task The_weekly_insights_are_posted_by_their_task()
    {
        await using var bot = await Start("Insights", "Autonomous", _ => { }, scope: "");
        Tick(bot);
        var said = await bot.WaitForText("**Insights**");
        Assert.Contains("No proposals: prod-web, staging-web", said.Reads, StringComparison.Ordinal);
        Assert.Contains("(task nightly)", said.Reads, StringComparison.Ordinal);
        Assert.Contains("Posted.", await bot.WaitForAudit(nameof(AuditKind.TaskRun)), StringComparison.Ordinal);
    }

    /// <summary>To the next full hour, and not so far that the task would be late.</summary>
    private static void Tick(BotHost bot) => bot.Clock.Advance(TimeSpan.FromHours(1) - (bot.Clock.GetUtcNow().TimeOfDay - TimeSpan.FromHours(bot.Clock.GetUtcNow().Hour)) + TimeSpan.FromSeconds(30));

    private static async Task RunByHand(BotHost bot)
    {
        await bot.Say(People.Ada, "run nightly");
        await bot.Press(await bot.WaitForCard("Awaiting approval: confirm"), "confirm", People.Ada);
    }

    private static void Sick(FakeCloud cloud)
    {
        var app = cloud.Sick(World.Prod);
        cloud.Arm.Alerts.Add(new("High memory", "Sev1", app.Id, cloud.Clock.GetUtcNow() - TimeSpan.FromMinutes(20)));
    }

    private static async Task<BotHost> Start(string does, string mode, Action<FakeCloud> world, string? scope = null)
    {
        var bot = await BotHost.Start(world, new Dictionary<string, string?>
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = does, ["ScheduledTasks:0:Scope"] = scope ?? Group, ["ScheduledTasks:0:Mode"] = mode,
        });
        await bot.Install();
        return bot;
    }
}
