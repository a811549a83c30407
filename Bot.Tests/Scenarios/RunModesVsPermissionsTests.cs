using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Run modes decide whether to ask; permissions decide whether the agent can reach the resource. Both must be satisfied."</summary>
public sealed class RunModesVsPermissionsTests
{
    private const string Subscription = $"/subscriptions/{Known.Subscription}";
    private const string Restart = "Microsoft.Web/sites/restart/Action";

    [Theory]
    [InlineData(World.Prod)]
    [InlineData(World.Staging)]
    [FailureMode(19)]
    public async Task Without_permission_neither_mode_runs_and_the_card_says_what_to_grant(string name)
    {
        await using var bot = await BotHost.Start(cloud => cloud.Arm.Access.ReadOnly(Subscription));
        var app = bot.Cloud.Sick(name);
        await bot.Install();
        await bot.Fire(app.Id);

        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains(Restart, blocked.Reads, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(app.Id, blocked.Reads, StringComparison.Ordinal);
        Assert.Contains($"az role assignment create --assignee {Known.AgentClientId} --role \"Website Contributor\" --scope {app.Id}", blocked.Reads, StringComparison.Ordinal);
        Assert.Equal(["recheck"], blocked.Verbs);

        // Still missing: looked at again, still blocked.
        await bot.Press(blocked, "recheck", People.Ada);
        bot.Cloud.Arm.Access.Grants.Add(new Grant(app.Id, [Restart], []));
        await bot.Press(blocked, "recheck", People.Ada);
        var asks = await bot.WaitForAsk();
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(asks, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_command_of_az_without_its_permission_is_blocked_with_action_scope_and_least_role()
    {
        using var az = FakeProgram.Az("exit 0");
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["Commands:Az"] = az.Executable, ["Commands:Subscriptions:0"] = Known.Subscription });
        await bot.Install();
        bot.Cloud.Arm.Machine("vm1", "web");
        await bot.Say(People.Sam, "propose az vm deallocate -n vm1 -g web");
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains("Microsoft.Compute/virtualMachines/deallocate/action", blocked.Reads, StringComparison.Ordinal);
        Assert.Contains($"az role assignment create --assignee {Known.AgentClientId} --role \"Virtual Machine Contributor\" --scope {Subscription}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm1", blocked.Reads, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(az.Calls, c => c[0] == "vm");
    }

    [Fact]
    public async Task A_lock_blocks_what_permissions_allow_and_is_named()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud =>
        {
            app = cloud.Sick(World.Prod);
            cloud.Arm.Access.Lock($"{Subscription}/resourceGroups/web", name: "no-touching");
        });
        await bot.Install();
        await bot.Fire(app.Id);
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains("no-touching", blocked.Reads, StringComparison.Ordinal);

        bot.Cloud.Arm.Access.Locks.Clear();
        await bot.Press(blocked, "recheck", People.Ada);
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(13)]
    public async Task A_permission_taken_away_after_the_card_was_posted_voids_the_approval()
    {
        await using var asking = await Asking.Start();
        asking.Cloud.Arm.Access.ReadOnly(Subscription);
        await asking.Bot.Approve(asking.Card, People.Ada);
        var blocked = await asking.Bot.WaitForCard("Blocked");
        Assert.Contains(Restart, blocked.Reads, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Permissions_that_cannot_be_read_are_not_taken_for_granted()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Arm.Faults.Always(Fault.Error(500, "InternalServerError", "Oops."), r => r.Path.EndsWith("/permissions", StringComparison.OrdinalIgnoreCase)));
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Fire(app.Id);
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains("could not be read", blocked.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }
}
