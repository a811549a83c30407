using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>
/// Slot swap and VM restart, which no runbook proposes yet: a test's investigator stands where one will, and everything after it is the real thing:
/// gate, card, click, permit, request, polling, verification.
/// </summary>
public sealed class NewOperationsTests
{
    [Fact]
    public async Task A_slot_is_swapped_into_production_once_and_followed_to_its_end()
    {
        Slot slot = null!;
        await using var bot = await Start(cloud => slot = cloud.Arm.Slot(cloud.Sick(World.Prod), "staging"), ArmAction.SwapSlotIntoProduction, () => slot.Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Swap into production the slot 'app-service-prod/staging'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("\"targetSlot\":\"production\"", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Microsoft.Web/sites/slots/slotsswap/Action is granted", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Executing", m => m.Reads.Contains("is working on it", StringComparison.Ordinal));
        await bot.WaitForCard("Done, recovered");

        var sent = Assert.Single(bot.Cloud.Arm.Mutations);
        Assert.Equal(($"{slot.Id}/slotsswap", """{"targetSlot":"production","preserveVnet":true}"""), (sent.Path, sent.Body));
        Assert.Equal(1, slot.Swaps);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("AsyncOperation202")]
    [InlineData("ProvisioningState201")]
    public async Task A_virtual_machine_is_restarted_once_and_followed_to_its_end(string says)
    {
        VirtualMachine machine = null!;
        await using var bot = await Start(
            cloud =>
            {
                cloud.Sick(World.Prod);
                machine = cloud.Arm.Machine("vm-shop-1", "web");
                cloud.Arm.LongRunning.Plan = new(Enum.Parse<UnderWay>(says)) { RetryAfter = "1" };
            },
            ArmAction.RestartVirtualMachine, () => machine.Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Restart virtual machine 'vm-shop-1'", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");

        Assert.Equal($"{machine.Id}/restart", Assert.Single(bot.Cloud.Arm.Mutations).Path);
        Assert.Equal(1, machine.Restarts);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Without_the_right_to_swap_the_card_is_blocked_and_says_what_grants_it()
    {
        Slot slot = null!;
        await using var bot = await Start(
            cloud =>
            {
                slot = cloud.Arm.Slot(cloud.Sick(World.Prod), "staging");
                cloud.Arm.Access.ReadOnly($"/subscriptions/{Known.Subscription}");
            },
            ArmAction.SwapSlotIntoProduction, () => slot.Id);
        var card = await bot.WaitForCard("Blocked");
        Assert.Contains("Microsoft.Web/sites/slots/slotsswap/Action", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Website Contributor", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<BotHost> Start(Action<FakeCloud> world, ArmAction action, Func<string> target)
    {
        var bot = await BotHost.Start(
            world, parts: services => services.AddSingleton<IInvestigator>(p => new Fixed(action, target, p.GetRequiredService<AzureContext>(), p.GetRequiredService<TimeProvider>())));
        await bot.Install();
        await bot.Fire($"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}");
        return bot;
    }

    private sealed class Fixed(ArmAction action, Func<string> target, AzureContext context, TimeProvider clock) : IInvestigator
    {
        public Task<Investigated> Investigate(Incident incident, ResponsePlan? plan, CancellationToken cancellation)
        {
            var now = clock.GetUtcNow();
            var signal = new RecoverySignal(
                ResourceId.Parse($"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/serverfarms/plan-{World.Prod}"), "CpuPercentage", "Average", "CPU", "%", 75);
            return Task.FromResult(new Investigated(
                new(Conclusion.Sick, "it", "it is not well", "it was not well", [], new("CPU", 97, "%", now), now),
                new(Operation.ArmCall.Of(action, ResourceId.Parse(target()), context), Provenance.Runbook, signal)));
        }
    }
}
