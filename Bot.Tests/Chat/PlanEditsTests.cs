using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Tests.Roles;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Chat;

/// <summary>The one place where plans are changed: nobody's edit is lost, and what a plan had under way follows what it says now.</summary>
public sealed class PlanEditsTests
{
    [Fact]
    public async Task Pausing_a_plan_is_confirmed_and_the_card_says_which_plan_takes_its_alerts()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review, p => p with { Resource = "app-service-prod" });
        await world.AddPlan("all-web", RunMode.Autonomous, p => p with { ResourceType = "Microsoft.Web/sites" });
        await world.AddPlan("databases", RunMode.Review, p => p with { Resource = "sql-prod" });
        var id = await world.AskCard(ChatWorld.Ada, "pause prod-web");
        var card = await world.Confirmation(id);
        Assert.Contains("Pause plan prod-web", card, StringComparison.Ordinal);
        Assert.Contains("Its alerts fall to plan all-web (Autonomous), where these match", card, StringComparison.Ordinal);
        Assert.Contains("Restart App Service for alerts that fall to plan all-web", card, StringComparison.Ordinal);
        Assert.DoesNotContain("databases", card, StringComparison.Ordinal);
        Assert.True((await world.Plan("prod-web"))!.Enabled);

        await world.Press(ChatWorld.Ada, Verbs.Confirm, id);
        var plan = (await world.Plan("prod-web"))!;
        Assert.Equal((false, "Ada"), (plan.Enabled, plan.Edited!.By.Name));
        Assert.Single(await world.Audit(AuditKind.PlanChanged), e => e is { Before: "State: enabled", After: "State: paused" } && e.Actor.ObjectId == ChatWorld.Ada.ObjectId && e.Detail!.Contains(ChatWorld.Team, StringComparison.Ordinal));
        Assert.Contains("is paused already", await world.Ask(ChatWorld.Ada, "pause prod-web"), StringComparison.Ordinal);

        await world.Press(ChatWorld.Ada, Verbs.Confirm, await world.AskCard(ChatWorld.Ada, "resume prod-web"));
        Assert.True((await world.Plan("prod-web"))!.Enabled);
    }

    [Theory]
    [InlineData("pause prod-web", nameof(ProposalStatus.Approved))]
    [InlineData("pause prod-web", nameof(ProposalStatus.Cleared))]
    [InlineData("delete prod-web", nameof(ProposalStatus.Approved))]
    [InlineData("delete prod-web", nameof(ProposalStatus.AwaitingApproval))]
    [InlineData("delete prod-web", nameof(ProposalStatus.Blocked))]
    public async Task What_a_paused_or_deleted_plan_had_open_is_withdrawn_with_the_answer(string text, string state)
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous);
        await world.AddPlan("other", RunMode.Autonomous);
        var status = Enum.Parse<ProposalStatus>(state);
        var mine = await world.AddProposal(status, mode: RunMode.Autonomous);
        var theirs = await world.AddProposal(status, "other", RunMode.Autonomous);
        var id = await world.AskCard(ChatWorld.Ada, text);
        Assert.Equal(status, (await world.Now(mine)).Status);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, id);
        var now = await world.Now(mine);
        Assert.Equal((ProposalStatus.Withdrawn, null), (now.Status, now.Proposal.Decision));
        Assert.Contains("by Ada", now.Proposal.StatusWhy, StringComparison.Ordinal);
        Assert.Equal(status, (await world.Now(theirs)).Status);
    }

    [Fact]
    public async Task A_deleted_plan_stays_deleted_for_settings_and_an_Administrator_may_use_the_name_again()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var id = await world.AskCard(ChatWorld.Ada, "delete the plan prod-web");
        Assert.Contains("No other plan takes its alerts", await world.Confirmation(id), StringComparison.Ordinal);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, id);
        Assert.Null(await world.Plan("prod-web"));
        await world.AddPlan("prod-web", RunMode.Autonomous);
        Assert.Null(await world.Plan("prod-web"));
        Assert.Contains("There is no plan or task prod-web", await world.Ask(ChatWorld.Ada, "set prod-web to review"), StringComparison.Ordinal);

        var answer = await Take(world, new(null, new ResponsePlan { Name = "Prod-Web", Mode = RunMode.Review, Severities = ["Sev0"] }), ChatWorld.Ada, Role.Administrator);
        Assert.Equal(EditOutcome.Asked, answer.Outcome);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, await Card(world));
        var again = (await world.Plan("prod-web"))!;
        Assert.Equal(("Prod-Web", RunMode.Review, true), (again.Name, again.Mode, again.Version > 1));
        Assert.Equal(["deleted", "created"], (await world.Audit(AuditKind.PlanChanged)).Select(e => e.Detail!.Split(' ')[0]));
    }

    [Fact]
    public async Task The_second_of_two_who_edit_the_same_plan_is_shown_what_the_first_changed()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with { Severities = ["Sev0"] });
        var seen = (await world.Plan("prod-web"))!;
        await Take(world, new(seen, seen with { Severities = ["Sev0", "Sev1"] }), ChatWorld.Ben, Role.Administrator);
        await world.Press(ChatWorld.Ben, Verbs.Confirm, await Card(world));

        var late = await Take(world, new(seen, seen with { Mode = RunMode.Review }), ChatWorld.Ada, Role.Administrator);
        Assert.Equal(EditOutcome.Raced, late.Outcome);
        Assert.Contains("Ben changed it at 2026-03-04 09:00 UTC: Severities: Sev0 → Sev0, Sev1", late.Text.Markdown, StringComparison.Ordinal);
        var now = (await world.Plan("prod-web"))!;
        Assert.Equal((RunMode.Autonomous, 2), (now.Mode, now.Severities.Count));
    }

    [Fact]
    public async Task A_confirmation_after_somebody_elses_change_is_refused_and_says_what_they_changed()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var id = await world.AskCard(ChatWorld.Ada, "delete prod-web");
        await world.Say(ChatWorld.Ben, "use this channel for prod-web", ChatWorld.Channel(ChatWorld.Other));
        var told = Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id)).Text;
        Assert.Contains("Ben changed it", told, StringComparison.Ordinal);
        Assert.Contains("Channel: (none) →", told, StringComparison.Ordinal);
        Assert.NotNull(await world.Plan("prod-web"));
        Assert.Empty(await world.Audit(AuditKind.PlanChanged));
    }

    [Fact]
    public async Task A_plan_that_follows_the_default_is_not_confirmed_by_a_card_that_spoke_of_another_default()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("follows", null, p => p with { Enabled = false });
        var id = await world.AskCard(ChatWorld.Ada, "resume follows");
        await world.Press(ChatWorld.Ben, Verbs.Confirm, await world.AskCard(ChatWorld.Ben, "set default to autonomous"));
        Assert.Contains("default was changed", Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id)).Text, StringComparison.Ordinal);
        Assert.False((await world.Plan("follows"))!.Enabled);
    }

    [Fact]
    public async Task An_edit_shows_every_field_before_and_after_and_what_was_cleared_under_the_old_words_asks_again()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Autonomous, p => p with { Severities = ["Sev0", "Sev1"], Instructions = "Once." });
        var cleared = await world.AddProposal(ProposalStatus.Cleared, mode: RunMode.Autonomous);
        var seen = (await world.Plan("prod-web"))!;
        await Take(world, new(seen, seen with { Severities = ["Sev0"], Instructions = "Twice.", Channel = ChatWorld.Team }), ChatWorld.Ada, Role.Administrator);
        var id = await Card(world);
        var card = await world.Confirmation(id);
        Assert.Contains("Severities: Sev0, Sev1 → **Sev0**", card, StringComparison.Ordinal);
        Assert.Contains("Instructions: Once. → **Twice.**", card, StringComparison.Ordinal);
        Assert.Contains("Channel: the default channel → **General**", card, StringComparison.Ordinal);
        Assert.Equal(ProposalStatus.Cleared, (await world.Now(cleared)).Status);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, id);
        var now = await world.Now(cleared);
        Assert.Equal((ProposalStatus.AwaitingApproval, 2), (now.Status, now.Proposal.Revision));
        Assert.Contains("was edited by Ada", now.Proposal.StatusWhy, StringComparison.Ordinal);
        Assert.Single(await world.Audit(AuditKind.PlanChanged), e => e is { Before: "Severities: Sev0, Sev1; Instructions: Once.", After: "Severities: Sev0; Instructions: Twice." });
        Assert.Single(await world.Audit(AuditKind.RoutingChanged));
    }

    [Fact]
    public async Task Of_two_who_create_the_same_name_the_second_confirmation_is_refused()
    {
        await using var world = await ChatWorld.Start();
        await Take(world, new(null, new ResponsePlan { Name = "new-one", Mode = RunMode.Review }), ChatWorld.Ada, Role.Administrator);
        var first = await Card(world);
        await Take(world, new(null, new ResponsePlan { Name = "New-One", Mode = RunMode.Autonomous }), ChatWorld.Ben, Role.Administrator);
        var second = await Card(world);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, first);
        Assert.Contains("There is a plan new-one already", Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ben, Verbs.Confirm, second)).Text, StringComparison.Ordinal);
        Assert.Equal(RunMode.Review, (await world.Plan("new-one"))!.Mode);
    }

    [Fact]
    public async Task A_confirmation_that_an_older_version_asked_is_carried_out()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var now = world.Clock.GetUtcNow();
        var old = new Confirmation(
            new string('a', 32), ConfirmedChange.PlanMode, "prod-web", (await world.Plan("prod-web"))!.Version, new(ScriptedGraph.Tenant, ChatWorld.Ada.ObjectId, "Ada"), ChatWorld.Team, null, now,
            now + Confirmation.Lives, ConfirmationState.Pending, new("Set plan prod-web to Autonomous", "Review (plan prod-web)", "Autonomous (plan prod-web)", [], []));
        await world.Ledger.Write(DurableStep.Unknown, t => world.Get<IConfirmations>().Insert(t, old), TestContext.Current.CancellationToken);
        Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Confirm, old.Id));
        Assert.Equal(RunMode.Autonomous, (await world.Plan("prod-web"))!.Mode);
    }

    [Theory]
    [InlineData("all", "is a word of the chat commands")]
    [InlineData("prod/web", "may hold letters")]
    [InlineData("prod-WEB", "There is a plan prod-web already")]
    public async Task A_name_that_cannot_be_is_refused_in_one_line_and_nothing_is_created(string name, string words)
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var answer = await Take(world, new(null, new ResponsePlan { Name = name }), ChatWorld.Ada, Role.Administrator);
        Assert.Equal(EditOutcome.Refused, answer.Outcome);
        Assert.Contains(words, answer.Text.Markdown, StringComparison.Ordinal);
        Assert.Single(await world.Ledger.Read(t => world.Get<IPlans>().All(t), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_filter_that_can_match_nothing_is_not_stored_and_what_is_accepted_is_said()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var seen = (await world.Plan("prod-web"))!;
        var answer = await Take(world, new(seen, seen with { Severities = ["P1"], ResourceType = "websites" }), ChatWorld.Ada, Role.Administrator);
        Assert.Equal(EditOutcome.Refused, answer.Outcome);
        Assert.Contains("Severities: 'P1' never comes from AzureMonitor; use Sev0", answer.Text.Markdown, StringComparison.Ordinal);
        Assert.Contains("Resource type: 'websites' is not a resource type", answer.Text.Markdown, StringComparison.Ordinal);
        Assert.Equal(seen.Version, (await world.Plan("prod-web"))!.Version);
    }

    [Theory]
    [InlineData("19:nowhere@thread.tacv2")]
    [InlineData("a:Ada")]
    public async Task A_plan_is_not_moved_to_where_nobody_can_approve(string id)
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        await world.Say(ChatWorld.Ada, "hi", ChatWorld.Personal(ChatWorld.Ada));
        var seen = (await world.Plan("prod-web"))!;
        foreach (var edit in (PlanEdit[])[new(seen, seen with { Channel = id }), new(null, new ResponsePlan { Name = "other", Channel = id })])
        {
            var answer = await Take(world, edit, ChatWorld.Ada, Role.Administrator);
            Assert.Equal(EditOutcome.Refused, answer.Outcome);
            Assert.Contains("I am in no channel", answer.Text.Markdown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_channel_that_falls_silent_is_told_so()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        await world.Say(ChatWorld.Ada, "hi", ChatWorld.Channel(ChatWorld.Other));
        var moved = await world.Say(ChatWorld.Ada, "use this channel for prod-web", ChatWorld.Channel(ChatWorld.Other));
        Assert.Contains("Ada moved new incidents of plan prod-web from here to Other", Assert.Single(moved, i => i.ConversationId == ChatWorld.Team).Payload!.Text, StringComparison.Ordinal);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, await world.AskCard(ChatWorld.Ada, "pause prod-web"));
        Assert.Contains(await world.News(), i => i.ConversationId == ChatWorld.Other && i.Payload!.Text.Contains("Ada paused plan prod-web: no new incident of it is posted here", StringComparison.Ordinal));
    }

    internal static Task<EditAnswer> Take(ChatWorld world, PlanEdit edit, Someone who, Role role) => world.Ledger.Write(
        DurableStep.CommandChanged,
        t => world.Get<PlanEdits>().Take(t, edit, Asker.Of(ChatWorld.Actor(who), RoleAnswer.Told(role, $"Microsoft Graph says you are a {role}."), ChatWorld.Channel(ChatWorld.Team), null)),
        TestContext.Current.CancellationToken);

    private static async Task<string> Card(ChatWorld world) => Assert.Single(await world.News(), i => i.Shows == Shown.Confirmation).Subject["confirmation/".Length..];
}
