using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>High CPU: one instance more, within the maximum that the response plan stores.</summary>
public sealed class ScaleOutTests
{
    [Fact]
    public async Task A_busy_plan_gets_one_instance_more_after_an_approval_and_its_CPU_is_checked()
    {
        var (bot, app) = await Busy(World.Prod, most: 3);
        await using var started = bot;
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Scale App Service plan 'plan-app-service-prod' from 2 to 3 instances", card.Reads, StringComparison.Ordinal);
        Assert.Contains("\"capacity\":3", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Scaling back to 2 instances.", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Microsoft.Web/serverfarms/write is granted on plan-app-service-prod", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done, recovered");

        Assert.Contains("CPU is now normal (**97 % → 55 %**)", done.Reads, StringComparison.Ordinal);
        var sent = Assert.Single(bot.Cloud.Arm.Mutations);
        Assert.Equal(("PUT", app.Plan.Id, 3, "prod"), (sent.Method, sent.Path, app.Plan.Workers, sent.Json!["tags"]!["env"]!.GetValue<string>()));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Under_an_Autonomous_plan_it_is_scaled_at_once_and_followed_while_Azure_works_on_it()
    {
        var (bot, app) = await Busy(World.Staging, most: 3, cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202) { RetryAfter = "1" });
        await using var started = bot;

        await bot.WaitForText("Done: I've scaled plan-app-service-staging from 2 to 3 instances. CPU is now normal (97 % → 55 %).");

        Assert.Equal(3, app.Plan.Workers);
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Without_a_stored_maximum_nothing_is_proposed_and_the_message_says_why()
    {
        var (bot, _) = await Busy(World.Staging, most: null);
        await using var started = bot;

        await bot.WaitForText("the response plan stores no maximum of instances (MaxInstances)");

        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "scaled by somebody", "instances of the plan was 2, is now 4" },
        { "another size", "plan size was P1v3, is now P2v3" },
        { "tagged", "tags of the plan was" },
    };

    /// <summary>A whole plan is put, so that whatever changed meanwhile would be overwritten: then nothing is sent, and nobody is asked about it as it was.</summary>
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_plan_that_changed_while_the_card_waited_takes_it_back(string how, string words)
    {
        var (bot, app) = await Busy(World.Prod, most: 5);
        await using var started = bot;
        var card = await bot.WaitForAsk();

        switch (how)
        {
            case "scaled by somebody": app.Plan.Workers = 4; break;
            case "another size": app.Plan.Sku = "P2v3"; break;
            default: app.Plan.Tags["owner"] = "ops"; break;
        }

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Withdrawn", m => m.Reads.Contains(words, StringComparison.Ordinal));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<(BotHost Bot, WebApp App)> Busy(string name, int? most, Action<FakeCloud>? world = null)
    {
        WebApp app = null!;
        var plan = name == World.Prod ? 0 : 1;
        var bot = await BotHost.Start(
            cloud =>
            {
                app = cloud.Arm.App(name, rg: "web");
                app.Plan.Workers = 2;
                app.Plan.Tags["env"] = "prod";
                app.Plan.Metrics["CpuPercentage"] = Series.Flat(97);
                world?.Invoke(cloud);
            },
            new Dictionary<string, string?> { [$"ResponsePlans:{plan}:MaxInstances"] = most?.ToString(System.Globalization.CultureInfo.InvariantCulture) });
        await bot.Install();
        await bot.Fire(app.Id, "High CPU");
        return (bot, app);
    }
}
