using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;
using RunModes.Bot.Tests.Support;
using Sample = RunModes.Bot.Tests.Cards.Sample;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Who may start a run in chat, of what, and how many: everything that is decided before anything is looked at.</summary>
public sealed class AskedRunsTests
{
    private const string Subscription = "/subscriptions/11111111-2222-4333-8444-555555555555";

    private static string App(string group, string name = "shop") => $"{Subscription}/resourceGroups/{group}/providers/Microsoft.Web/sites/{name}";

    [Theory]
    [InlineData("Ada", true)]
    [InlineData("Sam", true)]
    [InlineData("Rob", false)]
    [InlineData("Gale", false)]
    [InlineData("Mute", false)]
    public async Task Standard_Users_by_group_and_Administrators_may_start_a_run_and_nobody_else(string name, bool may)
    {
        await using var world = await ChatWorld.Start();
        var who = (Someone)typeof(ChatWorld).GetProperty(name)!.GetValue(null)!;
        foreach (var text in (string[])[$"investigate {App("one")}", $"propose restart {App("two")}"])
        {
            Assert.Equal(!may, (await world.Ask(who, text)).Contains("Nothing was changed", StringComparison.Ordinal));
        }

        Assert.Equal(may ? 2 : 0, (await Queued(world)).Count);
    }

    /// <summary>A team that names no Standard Users trusts its people with stopping and lowering, and with nothing more.</summary>
    [Fact]
    public async Task Being_in_the_channel_is_not_enough()
    {
        await using var world = await ChatWorld.Start(new Dictionary<string, string?> { ["Roles:StandardUser:Groups:0"] = null });
        Assert.Contains("Nothing was changed", await world.Ask(ChatWorld.Rob, $"investigate {App("one")}"), StringComparison.Ordinal);
        Assert.Empty(await Queued(world));
    }

    [Theory]
    [InlineData("investigate", "/subscriptions/nonsense", "That is no Azure resource id")]
    [InlineData("investigate", "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/one", "That is a resource group")]
    [InlineData("investigate", "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/one/providers/Microsoft.Web/sites/a%2f..", "That is no Azure resource id")]
    [InlineData("investigate", "nobody-knows", "I know no resource nobody-knows")]
    [InlineData("propose restart", "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/one/providers/Microsoft.Sql/servers/db", "I propose restarts of App Service apps")]
    [InlineData("propose restart", "/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/one/providers/Microsoft.Web/sites/shop/slots/staging", "I propose restarts of App Service apps")]
    public async Task What_is_no_resource_is_said_so_and_starts_nothing(string verb, string typed, string told)
    {
        await using var world = await ChatWorld.Start();
        var answer = await world.Ask(ChatWorld.Sam, $"{verb} {typed}");
        Assert.StartsWith(told, answer, StringComparison.Ordinal);
        Assert.Contains("Nothing was started", answer, StringComparison.Ordinal);
        Assert.Empty(await Queued(world));
    }

    [Fact]
    public async Task A_name_that_two_resources_have_is_listed_with_their_ids_and_chooses_none()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("one", null, p => p with { Resource = App("one") });
        await world.AddPlan("two", null, p => p with { SubscriptionId = Subscription[15..], ResourceGroup = "two", ResourceType = "Microsoft.Web/sites", Resource = "shop" });
        var answer = await world.Ask(ChatWorld.Sam, "investigate SHOP");
        Assert.StartsWith("Several resources are called SHOP", answer, StringComparison.Ordinal);
        Assert.Contains($"- {App("one")}\n- {App("two")}", answer, StringComparison.Ordinal);
        Assert.Empty(await Queued(world));
        Assert.StartsWith("I investigate **shop**", await world.Ask(ChatWorld.Sam, $"investigate {App("two")}"), StringComparison.Ordinal);
        var run = Assert.Single(await Queued(world));
        Assert.Equal((Trigger.Chat, "Sam", (string?)null), (run.Trigger, run.StartedBy?.Name, run.Plan));
    }

    [Fact]
    public async Task A_name_is_known_from_an_incident_for_ninety_days()
    {
        await using var world = await ChatWorld.Start();
        await world.AddProposal(ProposalStatus.Succeeded);
        Assert.StartsWith("I look at what I need for the proposal to restart **app-service-prod**", await world.Ask(ChatWorld.Sam, "propose restart app-service-prod"), StringComparison.Ordinal);
        world.Clock.Advance(TimeSpan.FromDays(91));
        Assert.StartsWith("I know no resource app-service-prod", await world.Ask(ChatWorld.Sam, "propose restart app-service-prod"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_for_is_no_alert_that_no_plan_took()
    {
        await using var world = await ChatWorld.Start();
        await world.Ask(ChatWorld.Sam, $"investigate {App("one")}");
        Assert.Equal("Every alert so far was taken by a plan.", await world.Ask(ChatWorld.Rob, "unmatched"));
    }

    [Fact]
    public async Task The_same_message_twice_is_one_run_and_the_fourth_of_a_person_is_refused()
    {
        await using var world = await ChatWorld.Start();
        await world.Ask(ChatWorld.Sam, $"investigate {App("one")}");
        Assert.Contains("is under way already", await world.Ask(ChatWorld.Sam, $"investigate {App("one")}"), StringComparison.Ordinal);
        await world.Ask(ChatWorld.Sam, $"investigate {App("two")}");
        await world.Ask(ChatWorld.Sam, $"propose restart {App("three")}");
        Assert.StartsWith("3 proposals that you started are still open", await world.Ask(ChatWorld.Sam, $"propose restart {App("four")}"), StringComparison.Ordinal);
        Assert.StartsWith("I look at", await world.Ask(ChatWorld.Ada, $"propose restart {App("four")}"), StringComparison.Ordinal);
        Assert.Equal(4, (await Queued(world)).Count);
    }

    [Fact]
    public async Task What_an_Administrator_denied_is_proposed_by_nobody_else_for_a_day()
    {
        await using var world = await ChatWorld.Start();
        var denier = new Who(Roles.ScriptedGraph.Tenant, ChatWorld.Ada.ObjectId, "Ada");
        await world.AddProposal(ProposalStatus.Denied, change: p => p with { Decision = Sample.Denial with { By = denier, At = world.Clock.GetUtcNow() } });
        var text = $"propose restart {Sample.App.Value.ToUpperInvariant().Replace("SUBSCRIPTIONS", "subscriptions", StringComparison.Ordinal)}";
        foreach (var who in (Someone[])[ChatWorld.Sam, ChatWorld.Ben])
        {
            Assert.StartsWith("Ada denied this at", await world.Ask(who, text), StringComparison.Ordinal);
        }

        Assert.Empty(await Queued(world));
        Assert.StartsWith("I look at", await world.Ask(ChatWorld.Ada, text), StringComparison.Ordinal);
        world.Clock.Advance(TimeSpan.FromHours(25));
        Assert.StartsWith("I look at", await world.Ask(ChatWorld.Ben, text), StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<Run>> Queued(ChatWorld world) =>
        world.Ledger.Read(t => world.Get<IRuns>().InState(t, RunState.Queued, DateTimeOffset.MaxValue, 100), TestContext.Current.CancellationToken);
}
