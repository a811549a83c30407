using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A virtual machine that does not answer is restarted, unless somebody stopped it.</summary>
public sealed class HungMachineTests
{
    [Fact]
    public async Task A_machine_that_does_not_answer_is_restarted_once_after_an_approval_and_followed_until_it_answers()
    {
        var (bot, machine) = await Machine(_ => { });
        await using var started = bot;
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Restart virtual machine 'vm-shop-1'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("is powered on but does not answer", card.Reads, StringComparison.Ordinal);
        Assert.Contains("power state is running", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done, recovered");

        Assert.Contains("Availability is now normal (**unavailable → available**)", done.Reads, StringComparison.Ordinal);
        Assert.Equal(($"{machine.Id}/restart", 1), (Assert.Single(bot.Cloud.Arm.Mutations).Path, machine.Restarts));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_restart_that_does_not_help_says_so()
    {
        var (bot, _) = await Machine(machine => machine.AfterRestart = null);
        await using var started = bot;

        await bot.Approve(await bot.WaitForAsk(), People.Ada);

        await bot.WaitForCard("Done, but not recovered", m => m.Reads.Contains("Availability is not normal (**unavailable → unavailable**)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_that_somebody_deallocates_while_the_card_waits_is_not_restarted()
    {
        var (bot, machine) = await Machine(_ => { });
        await using var started = bot;
        var card = await bot.WaitForAsk();

        machine.Power = "deallocated";
        await bot.Approve(card, People.Ada);

        await bot.WaitForCard("Withdrawn", m => m.Reads.Contains("power state was running, is now deallocated", StringComparison.Ordinal));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_machine_that_a_person_deallocated_is_left_alone()
    {
        var (bot, _) = await Machine(machine => machine.Power = "deallocated", deallocated: true);
        await using var started = bot;

        await bot.WaitForText("It was stopped on purpose, so I leave it alone.");

        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<(BotHost Bot, VirtualMachine Machine)> Machine(Action<VirtualMachine> change, bool deallocated = false)
    {
        VirtualMachine machine = null!;
        var bot = await BotHost.Start(
            cloud =>
            {
                machine = cloud.Arm.Machine("vm-shop-1", "web");
                machine.Availability = Series.Step(1, 0, TimeSpan.FromMinutes(-20));
                change(machine);
                if (deallocated)
                {
                    cloud.Arm.ActivityLog.Add(new(cloud.Clock.GetUtcNow() - TimeSpan.FromMinutes(30), machine.Id, "Microsoft.Compute/virtualMachines/deallocate/action", "ana@contoso.example"));
                }
            },
            new Dictionary<string, string?> { ["ResponsePlans:2:Name"] = "machines", ["ResponsePlans:2:Resource"] = "vm-shop-1", ["ResponsePlans:2:Mode"] = "Review" });
        await bot.Install();
        await bot.Fire(machine.Id, "Machine down");
        return (bot, machine);
    }
}
