using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Chat;

/// <summary><c>test &lt;plan&gt;</c>: what a plan would have done with what is on record.</summary>
public sealed class PlanTrialTests
{
    [Fact]
    public async Task It_tells_what_the_plan_would_take_in_which_mode_and_what_was_proposed_then()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with { Resource = "app-service-prod", TitleNot = ["drill"] });
        await world.AddPlan("text", RunMode.Autonomous, p => p with { TitleContains = "memory" });
        await world.AddProposal(ProposalStatus.Succeeded);
        await world.AddProposal(ProposalStatus.Denied, title: "High [memory](https://evil.example)");
        await world.AddProposal(ProposalStatus.Denied, title: "drill: memory");
        var prod = await world.Ask(ChatWorld.Ada, "test prod-web");
        Assert.Contains("against 3 incidents of the last 90 days**. Nothing was changed or started.", prod, StringComparison.Ordinal);
        Assert.Contains("It would take **2**: 2 Autonomous, 0 Review.", prod, StringComparison.Ordinal);
        Assert.Contains("High memory on app-service-prod: **Autonomous (plan prod-web)**. Then proposed: Restart App Service 'app-service-prod' (Succeeded).", prod, StringComparison.Ordinal);
        Assert.DoesNotContain("](https://evil", prod, StringComparison.Ordinal);

        var text = await world.Ask(ChatWorld.Ada, "test text");
        Assert.Contains("It would take **1**: 0 Autonomous, 1 Review.", text, StringComparison.Ordinal);
        Assert.Contains("2 more fit its filter and go to another plan: prod-web (2).", text, StringComparison.Ordinal);
        Assert.Contains("text never chooses autonomy", text, StringComparison.Ordinal);
        Assert.Empty(await world.Audit(AuditKind.ModeChanged));
    }

    [Fact]
    public async Task Incidents_older_than_ninety_days_do_not_count_and_an_empty_record_is_said()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        Assert.Contains("nothing to hold plan prod-web against", await world.Ask(ChatWorld.Ada, "test prod-web"), StringComparison.Ordinal);
        await world.AddProposal(ProposalStatus.Denied);
        world.Clock.Advance(TimeSpan.FromDays(91));
        Assert.Contains("nothing to hold plan prod-web against", await world.Ask(ChatWorld.Ada, "test prod-web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_paused_plan_it_tells_what_it_would_take_once_it_is_resumed()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review, p => p with { Enabled = false });
        await world.AddProposal(ProposalStatus.Denied);
        var text = await world.Ask(ChatWorld.Ada, "test prod-web");
        Assert.Contains("once it is resumed", text, StringComparison.Ordinal);
        Assert.Contains("It would take **1**", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_an_Administrators()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        Assert.Contains("Administrator", await world.Ask(ChatWorld.Sam, "test prod-web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_says_with_which_others_it_shares_alerts_and_who_wins()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("group", RunMode.Autonomous, p => p with { ResourceGroup = "web" });
        await world.AddPlan("one", RunMode.Review, p => p with { Resource = "app-service-prod" });
        await world.AddPlan("elsewhere", RunMode.Review, p => p with { ResourceGroup = "data" });
        Assert.Contains("**Shares alerts with**: plan one (Review), where that plan wins: it is more specific (the resource's name)", await world.Ask(ChatWorld.Rob, "plan group"), StringComparison.Ordinal);
        Assert.DoesNotContain("plan group (", await world.Ask(ChatWorld.Rob, "plan elsewhere"), StringComparison.Ordinal);
    }
}
