using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A tick of a task is a run like any other: investigated outside its transaction, gated by the task's own mode, asked or done, verified, reported.</summary>
public class TaskRunsTests
{
    private static readonly string Group = $"/subscriptions/{Known.Subscription}/resourceGroups/web";

    [Fact]
    public async Task A_tick_of_an_Autonomous_task_acts_by_the_mode_of_the_task_and_reports()
    {
        await using var bot = await Start(RunMode.Autonomous);
        bot.Clock.Advance(TimeSpan.FromMinutes(61));
        var report = await bot.WaitForText("Done: I've restarted app-service-prod");
        Assert.Equal(Known.Team, report.ConversationId);
        Assert.Contains("Autonomous (task nightly)", await bot.WaitForAudit("RunStarted"), StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Arm.Mutations);
        await bot.Say(People.Rob, "task nightly");
        Assert.Contains("Done: ", (await bot.WaitForText("**Last run**")).Text, StringComparison.Ordinal);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_task_in_Review_asks_and_its_card_says_whose_mode_that_is()
    {
        await using var bot = await Start(RunMode.Review);
        bot.Clock.Advance(TimeSpan.FromMinutes(61));
        var card = await bot.WaitForAsk();
        Assert.Contains("Review (task nightly)", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_an_Administrator_runs_by_hand_asks_in_every_mode_and_a_tick_meanwhile_begins_no_other()
    {
        await using var bot = await Start(RunMode.Autonomous);
        await bot.Say(People.Ada, "run nightly");
        var question = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Run task nightly now", question.Reads, StringComparison.Ordinal);
        Assert.Equal(0, await bot.Count("SELECT COUNT(*) FROM runs"));
        await bot.Press(question, "confirm", People.Ada);
        var card = await bot.WaitForAsk();
        Assert.Contains("Ada Admin started it.", card.Reads, StringComparison.Ordinal);
        bot.Clock.Advance(TimeSpan.FromMinutes(9));
        await bot.Say(People.Ada, "run nightly");
        var again = await bot.WaitForCard("Awaiting approval: confirm", m => m.ActivityId != question.ActivityId);
        Assert.Contains("The run before is not over", await bot.Told(again, "confirm", People.Ada), StringComparison.Ordinal);
        Assert.Equal(1, await bot.Count("SELECT COUNT(*) FROM runs"));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_paused_task_withdraws_what_it_asked()
    {
        await using var bot = await Start(RunMode.Review);
        bot.Clock.Advance(TimeSpan.FromMinutes(61));
        var card = await bot.WaitForAsk();
        await bot.Say(People.Sam, "pause nightly");
        await bot.WaitForCard("Withdrawn", m => m.ActivityId == card.ActivityId);
        await bot.Press(card, "approve", People.Ada);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<BotHost> Start(RunMode mode)
    {
        WebApp app = null!;
        var bot = await BotHost.Start(
            cloud => app = cloud.Sick(World.Prod),
            parts: services => services.RemoveAll<TaskWork>().AddSingleton(p => new TaskWork(Does.HealthCheck, (passage, cancellation) => p.GetRequiredService<IInvestigator>()
                .Investigate(passage.Incident with { Target = ResourceId.Parse(app.Id), SignalType = "Metric" }, null, cancellation))));
        await bot.Install();
        await bot.Services.GetRequiredService<ILedger>().Write(DurableStep.Unknown, t => bot.Services.GetRequiredService<ITasks>().Insert(t, new ScheduledTask
        {
            Name = "nightly", Cron = "every hour", Does = Does.HealthCheck, Scope = Group, Mode = mode, DueAt = bot.Clock.GetUtcNow() + TimeSpan.FromHours(1),
        }), BotClient.Cancellation);
        return bot;
    }
}
