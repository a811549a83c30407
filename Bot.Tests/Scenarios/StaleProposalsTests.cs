using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>While a card waits the facts are watched: nobody is asked about what is no longer so, and nobody is told the same thing twice.</summary>
public sealed class StaleProposalsTests
{
    [Fact]
    public async Task What_recovered_by_itself_asks_again_saying_so_once_and_can_still_be_approved()
    {
        await using var asking = await Watched();
        asking.App.Memory = Series.Flat(48);
        await Looking.Once(asking);
        var again = await Again(asking, "It recovered by itself: memory usage is 48 % now.");
        Assert.DoesNotContain("approve", asking.Cloud.Teams.Present(asking.Card.ActivityId)!.Verbs);

        await Looking.Times(asking, 3);
        Assert.Equal(2, Asked(asking));
        await asking.ApproveStillWorks(card: again);
    }

    [Fact]
    public async Task What_recovered_and_came_back_is_told_too_and_facts_that_flap_do_not_flood_the_channel()
    {
        await using var asking = await Watched();
        for (var flap = 0; flap < 4; flap++)
        {
            asking.App.Memory = Series.Flat(flap % 2 == 0 ? 48 : 95);
            await Looking.Once(asking);
            var words = flap % 2 == 0 ? "It recovered by itself" : "is back: memory usage is 95 %";
            await asking.Bot.WaitForAsk(m => m.Reads.Contains(words, StringComparison.Ordinal) && m.Reads.Contains($"revision {flap + 2}", StringComparison.Ordinal));
            await asking.Bot.WaitForAudit("Delivery", flap + 2);
        }

        asking.App.Memory = Series.Flat(48);
        await Looking.Once(asking);
        await asking.Bot.WaitForCard("Awaiting approval", m => m.Reads.Contains("The facts changed more than 4 times", StringComparison.Ordinal));
        asking.App.Memory = Series.Flat(95);
        await Looking.Times(asking, 3);
        Assert.Equal(5, Asked(asking));
    }

    public static TheoryData<string, string> Changes => new()
    {
        { "scaled out", "Instances of the plan was 1, is now 3." },
        { "scaled up", "Plan size was P1v3, is now P2v3." },
        { "deployed", "app changed by pipeline@contoso.example" },
        { "changed unseen", "Last change of the app was" },
        { "restarted", "restarted by ada@contoso.example" },
        { "stopped", "State of the app was Running, is now Stopped." },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    [FailureMode(13)]
    public async Task A_resource_that_was_changed_asks_again_once_and_what_is_approved_then_is_what_runs(string how, string words)
    {
        await using var asking = await Watched();
        Change(asking, how);
        await Looking.Once(asking);
        var again = await Again(asking, words);
        await Looking.Times(asking, 3);
        Assert.Equal(2, Asked(asking));
        await asking.ApproveStillWorks(card: again);
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_between_two_looks_voids_the_approval_and_asks_again(string how, string words)
    {
        await using var asking = await Watched();
        Change(asking, how);
        await asking.Bot.Approve(asking.Card, People.Ada);
        var again = await Again(asking, words);
        Assert.Empty(asking.Cloud.Arm.Mutations);
        await asking.ApproveStillWorks(card: again);
    }

    [Fact]
    [FailureMode(13)]
    public async Task A_resource_that_is_gone_withdraws_the_card()
    {
        await using var asking = await Watched();
        asking.Cloud.Arm.Remove(asking.App.Id);
        await Looking.Once(asking);
        var withdrawn = await asking.Bot.WaitForCard("Withdrawn");
        Assert.Contains("app-service-prod does not exist any more.", withdrawn.Reads, StringComparison.Ordinal);
        Assert.Empty(withdrawn.Verbs);
    }

    [Fact]
    public async Task Approved_in_the_minute_in_which_the_resource_was_deleted_it_is_withdrawn()
    {
        await using var asking = await Watched();
        asking.Cloud.Arm.Remove(asking.App.Id);
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Withdrawn", m => m.Reads.Contains("does not exist any more", StringComparison.Ordinal));
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_permission_that_was_taken_away_blocks_the_card_and_says_what_to_grant()
    {
        await using var asking = await Watched();
        asking.Cloud.Arm.Access.ReadOnly($"/subscriptions/{Known.Subscription}");
        await Looking.Once(asking);
        var blocked = await asking.Bot.WaitForCard("Blocked");
        Assert.Contains("az role assignment create", blocked.Reads, StringComparison.Ordinal);
        Assert.Equal(["recheck"], blocked.Verbs);
    }

    [Fact]
    public async Task A_lock_that_was_set_blocks_the_card_and_is_named()
    {
        await using var asking = await Watched();
        asking.Cloud.Arm.Access.Lock(asking.App.Id, name: "month-end");
        await Looking.Once(asking);
        Assert.Contains("month-end", (await asking.Bot.WaitForCard("Blocked")).Reads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_was_paused_withdraws_the_card()
    {
        await using var asking = await Watched();
        var plans = asking.Bot.Services.GetRequiredService<IPlans>();
        await asking.Bot.Services.GetRequiredService<ILedger>().Write(DurableStep.Unknown,
            async t => await plans.Update(t, (await plans.Find(t, "prod-web"))! with { Enabled = false }, 1), BotClient.Cancellation);
        await Looking.Once(asking);
        await asking.Bot.WaitForCard("Withdrawn", m => m.Reads.Contains("The plan prod-web is paused or was deleted while this waited.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_was_deleted_withdraws_the_card()
    {
        await using var asking = await Watched();
        await asking.Bot.Tamper("UPDATE plans SET deleted = 1 WHERE plan_key = 'prod-web'");
        await Looking.Once(asking);
        await asking.Bot.WaitForCard("Withdrawn", m => m.Reads.Contains("prod-web is paused or was deleted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_read_changes_one_line_of_the_card_and_nothing_else()
    {
        await using var asking = await Watched();
        asking.Cloud.Arm.Faults.Always(Fault.Error(500, "InternalServerError", "Oops."), r => r.IsRead);
        await Looking.Once(asking);
        var noted = await asking.Bot.WaitForCard("Awaiting approval", m => m.Reads.Contains("Not everything could be looked at again", StringComparison.Ordinal));
        Assert.Equal(asking.Card.ActivityId, noted.ActivityId);
        await Looking.Times(asking, 2);
        Assert.Equal(1, Asked(asking));
        // Which of the readings failed may differ from look to look; whatever is said of it is said on this card.
        var said = asking.Cloud.Teams.Posted.Where(m => m.Reads.Contains("Not everything could be looked at again", StringComparison.Ordinal)).ToList();
        Assert.All(said, m => Assert.Equal((PostKind.Update, noted.ActivityId), (m.Kind, m.ActivityId)));
        Assert.InRange(said.Count, 1, 4);

        asking.Cloud.Arm.Faults.Clear();
        await Looking.Once(asking);
        await asking.Cloud.Teams.WaitFor(
            m => m.Number > noted.Number && m.ActivityId == noted.ActivityId && !m.Reads.Contains("Not everything", StringComparison.Ordinal), TimeSpan.FromSeconds(60), BotClient.Cancellation);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task An_emergency_stop_leaves_the_card_where_it_is()
    {
        await using var asking = await Watched();
        await asking.Bot.Say(People.Sam, "stop");
        await asking.Bot.WaitForText("**Stopped.**");
        await Looking.Times(asking, 2);
        Assert.Contains("approve", asking.Cloud.Teams.Present(asking.Card.ActivityId)!.Verbs);
        Assert.Equal(1, Asked(asking));
    }

    [Fact]
    public async Task Unchanged_facts_give_nothing_and_the_watch_survives_a_restart()
    {
        await using var asking = await Watched();
        await Looking.Times(asking, 2);
        var before = asking.Cloud.Teams.Posted.Count;
        await asking.Restart();
        await Looking.Times(asking, 2);
        Assert.Equal(before, asking.Cloud.Teams.Posted.Count);

        asking.App.Plan.Workers = 2;
        await Looking.Once(asking);
        await Again(asking, "Instances of the plan was 1, is now 2.");
    }

    [Fact]
    public async Task An_approver_who_is_no_Administrator_any_more_asks_again_saying_so()
    {
        await using var asking = await Watched();
        var moved = 0;
        asking.Cloud.Graph.Faults.Always(
            Fault.Rewritten(answer => answer), r => r.Method == "GET" && Interlocked.Increment(ref moved) == 2 && asking.Cloud.Graph.Directory.Person(People.Ada.ObjectId, People.Ada.Name) is null);
        await asking.Bot.Approve(asking.Card, People.Ada);
        var again = await Again(asking, "Ada Admin approved it but is no longer an Administrator.");
        Assert.Empty(asking.Cloud.Arm.Mutations);
        await asking.ApproveStillWorks(People.Ben, again);
    }

    /// <summary>Waits until the card is known to be delivered and its first look is planned.</summary>
    private static async Task<Asking> Watched()
    {
        var asking = await Asking.Start();
        await asking.Bot.WaitForAudit("Delivery");
        return asking;
    }

    private static void Change(Asking asking, string how)
    {
        var (arm, app, now) = (asking.Cloud.Arm, asking.App, asking.Bot.Clock.GetUtcNow());
        switch (how)
        {
            case "scaled out": app.Plan.Workers = 3; break;
            case "scaled up": app.Plan.Sku = "P2v3"; break;
            case "deployed": arm.Deployed(app, TimeSpan.Zero); break;
            case "changed unseen": app.LastModified = now; break;
            case "restarted": arm.ActivityLog.Add(new(now, app.Id, "Microsoft.Web/sites/restart/Action", "ada@contoso.example")); break;
            default: app.State = AppState.Stopped; break;
        }
    }

    private static Task<PostedMessage> Again(Asking asking, string words) =>
        asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId && m.Reads.Contains("Asks again", StringComparison.Ordinal) && m.Reads.Contains(words, StringComparison.Ordinal));

    /// <summary>How many messages asked.</summary>
    private static int Asked(Asking asking) => asking.Cloud.Teams.Posted.Count(m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
}
