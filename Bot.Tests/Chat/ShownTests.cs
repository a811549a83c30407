using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Chat;

public sealed class ShownTests
{
    [Fact]
    public async Task Plans_tell_each_mode_and_where_it_comes_from()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with { Severities = ["Sev0", "Sev1"], Resource = "app-service-prod" });
        await world.AddPlan("rest", null, p => p with { Enabled = false });
        var text = await world.Ask(ChatWorld.Rob, "plans");
        Assert.Contains("Default mode: **Review** (never set)", text, StringComparison.Ordinal);
        Assert.Contains("**prod-web** · Autonomous (set on the plan) · Azure Monitor: Sev0, Sev1; resource app-service-prod", text, StringComparison.Ordinal);
        Assert.Contains("**rest** · Review (agent default) · paused · Azure Monitor: every alert", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_says_that_its_instructions_are_not_interpreted()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review, p => p with { Instructions = "Restart at most once." });
        var text = await world.Ask(ChatWorld.Rob, "plan PROD-WEB");
        Assert.Contains("Restart at most once.", text, StringComparison.Ordinal);
        Assert.Contains("Instructions are shown to approvers and not interpreted until a model investigates", text, StringComparison.Ordinal);
        Assert.Contains("There is no plan nothing. Plans: prod-web.", await world.Ask(ChatWorld.Rob, "plan nothing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pending_and_history_tell_what_waits_where_and_who_decided()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        await world.AddProposal(ProposalStatus.AwaitingApproval);
        await world.AddProposal(ProposalStatus.AwaitingApproval, change: p => p with { DeliveredAt = null });
        await world.AddProposal(ProposalStatus.Denied);
        var pending = await world.Ask(ChatWorld.Rob, "pending");
        Assert.Contains("Restart App Service 'app-service-prod'", pending, StringComparison.Ordinal);
        Assert.Contains("until 2026-03-04 10:00 UTC, in General", pending, StringComparison.Ordinal);
        Assert.Contains("not delivered yet", pending, StringComparison.Ordinal);
        Assert.Contains("**Denied**. Denied by Ada Lovelace. Reason: Deploy in progress, we look by hand.", await world.Ask(ChatWorld.Rob, "history prod-web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_tells_stop_channel_audit_and_closed_sources()
    {
        await using var world = await ChatWorld.Start();
        await world.Say(ChatWorld.Sam, "stop");
        var text = await world.Ask(ChatWorld.Rob, "health");
        Assert.Contains("**on**, pressed by Sam", text, StringComparison.Ordinal);
        Assert.Contains("**Asks in**: General", text, StringComparison.Ordinal);
        Assert.Contains("0 sealed", text, StringComparison.Ordinal);
        Assert.Contains("Azure Monitor alerts are not accepted", text, StringComparison.Ordinal);
        Assert.Contains("Microsoft Graph answered just now", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("plan [click](https://evil.example) <at>everyone</at>")]
    [InlineData("history **x** `y` <script>")]
    [InlineData("set [a](http://evil.example) to review")]
    [InlineData("use this channel for <at>all</at> www.evil.example")]
    [InlineData("[nonsense](https://evil.example) <at>everyone</at>")]
    public async Task Hostile_names_stay_text(string text)
    {
        await using var world = await ChatWorld.Start();
        var reply = await world.Ask(ChatWorld.Ada, text);
        Assert.DoesNotContain("](", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("://", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("<", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("www.", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hostile_alert_title_and_a_hostile_persons_name_stay_text()
    {
        await using var world = await ChatWorld.Start();
        await world.AddProposal(ProposalStatus.Expired, plan: null, title: "[pay](https://evil.example) <at>everyone</at>");
        var unmatched = await world.Ask(ChatWorld.Rob, "unmatched");
        Assert.Contains("everyone", unmatched, StringComparison.Ordinal);
        Assert.DoesNotContain("<at>", unmatched, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", unmatched, StringComparison.Ordinal);
        var said = await world.Say(ChatWorld.Sam with { Name = "<at>everyone</at>" }, "stop");
        Assert.All(said, i => Assert.DoesNotContain("<at>", i.Payload!.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Unknown_text_gets_one_short_line_with_the_nearest_commands()
    {
        await using var world = await ChatWorld.Start();
        var reply = await world.Ask(ChatWorld.Gale, "pendign");
        Assert.Contains("Perhaps: pending", reply, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Practice_exists_in_the_sandbox_alone()
    {
        await using var real = await ChatWorld.Start();
        Assert.Contains("in the sandbox only", await real.Ask(ChatWorld.Rob, "practice prod"), StringComparison.Ordinal);
        await using var sandbox = await ChatWorld.Start(practice: (scenario, _) => Task.FromResult($"Raised {scenario}."));
        Assert.Equal("Raised staging.", await sandbox.Ask(ChatWorld.Rob, "practice staging"));
    }

    [Fact]
    public async Task Installed_again_and_again_welcomes_once_and_each_arrival_is_told()
    {
        await using var world = await ChatWorld.Start();
        var inbound = world.Get<IInbound>();
        await inbound.OnInstalled(new(ChatWorld.Channel(ChatWorld.Team), "Ada"), TestContext.Current.CancellationToken);
        Assert.Empty(await world.News());
        await inbound.OnInstalled(new(ChatWorld.Personal(ChatWorld.Sam), "Sam") { By = ChatWorld.Actor(ChatWorld.Sam) }, TestContext.Current.CancellationToken);
        Assert.Contains("Hello, I'm", Assert.Single(await world.News()).Payload!.Text, StringComparison.Ordinal);
        Assert.Equal("a:Sam", (await world.Ledger.Read(t => world.Get<IConversations>().PersonalOf(t, ChatWorld.Sam.ObjectId), TestContext.Current.CancellationToken))!.Id);

        List<bool> first = [];
        while (world.Get<Arrivals>().Reader.TryRead(out var arrival))
        {
            first.Add(arrival.First);
        }

        Assert.Equal([true, false, true], first);
        await inbound.OnRemoved(ChatWorld.Personal(ChatWorld.Sam), TestContext.Current.CancellationToken);
        Assert.Equal(3, (await world.Audit(AuditKind.ConversationChanged)).Count);
    }
}
