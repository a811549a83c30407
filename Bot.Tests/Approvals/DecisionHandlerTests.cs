using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Storage;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Approvals;

public sealed class DecisionHandlerTests
{
    private static readonly TimeSpan Expiry = TimeSpan.FromHours(1);

    [Fact]
    public async Task An_Administrators_approval_is_recorded_sealed_audited_and_shown_together()
    {
        await using var world = await DecisionWorld.Open();

        var recorded = Assert.IsType<DecisionAnswer.Recorded>(await world.Handler.Decide(world.Click(), DecisionKind.Approve, "  looks right  ", StoreWorld.Ct));

        var now = await world.Now();
        Assert.Equal(ProposalStatus.Approved, recorded.Proposal.Status);
        Assert.Equal((ProposalStatus.Approved, DecisionKind.Approve, "looks right", "card"), (now.Status, now.Decision!.Kind, now.Decision.Reason, now.Decision.ShownCardHash));
        Assert.Equal(new Who(Known.Tenant, DecisionWorld.Ada.ObjectId!, "Ada"), now.Decision.By);
        Assert.Equal(world.Store.Now + DecisionHandler.UseWithin, now.UseBy);
        Assert.True(world.Seals.Verifies(now, 1));
        var line = Assert.Single(await world.Audit(AuditKind.DecisionMade)).Entry;
        Assert.Equal((DecisionWorld.Ada.ObjectId, "AwaitingApproval", "Approved"), (line.Actor.ObjectId, line.Before, line.After));
        Assert.Contains(now.Fingerprint.Hex, line.Detail, StringComparison.Ordinal);
        Assert.Equal(world.Card.Subject, Assert.Single(await world.Store.Read(t => world.Store.Outbox.Due(t, world.Store.Now, 9))).Item.Subject);
    }

    [Fact]
    public async Task A_denial_is_final_and_has_no_use_by()
    {
        await using var world = await DecisionWorld.Open();

        Assert.IsType<DecisionAnswer.Recorded>(await world.Handler.Decide(world.Click(), DecisionKind.Deny, null, StoreWorld.Ct));

        var now = await world.Now();
        Assert.Equal((ProposalStatus.Denied, null, null), (now.Status, now.UseBy, now.Decision!.Reason));
        Assert.False(world.Seals.Verifies(now, 1));
        Assert.StartsWith("Already denied by Ada", Refused(await world.Approve(world.Click(DecisionWorld.Grace))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seal_covers_what_was_decided_shown_by_whom_when_and_of_which_store()
    {
        await using var world = await DecisionWorld.Open();
        await world.Approve();
        var now = await world.Now();
        var decision = now.Decision!;
        Proposal[] altered =
        [
            now with { Revision = 3 },
            now with { Id = new("other") },
            now with { Fingerprint = new("other") },
            now with { Decision = decision with { By = decision.By with { ObjectId = "other" } } },
            now with { Decision = decision with { By = decision.By with { TenantId = "other" } } },
            now with { Decision = decision with { At = decision.At.AddMilliseconds(1) } },
            now with { Decision = decision with { ShownCardHash = "other" } },
            now with { Decision = decision with { Seal = "" } },
            now with { Decision = null },
            now with { Decision = null, ClearedSeal = decision.Seal },
            now with { ClearedSeal = world.Seals.SealCleared(now, 1), Decision = decision with { Kind = DecisionKind.Deny } },
        ];

        Assert.True(world.Seals.Verifies(now, 1));
        Assert.False(world.Seals.Verifies(now, 2));
        Assert.All(altered, a => Assert.False(world.Seals.Verifies(a, 1)));
        Assert.True(world.Seals.Verifies(now with { Decision = null, ClearedSeal = world.Seals.SealCleared(now, 1) }, 1));
    }

    /// <summary>Each row also has everything of the rows below it wrong: what is answered is what is looked at first.</summary>
    [Fact]
    public async Task Checks_come_in_their_order()
    {
        await using var world = await DecisionWorld.Open(selfApproval: false);
        await world.Store.EditControl(c => c with { Stopped = true, StoppedBy = "Grace", StoppedAt = world.Store.Now });
        world.Store.Clock.Advance(Expiry);
        await world.Move(p => p with { Status = ProposalStatus.Blocked });
        var wrong = world.Click(revision: 1, message: "unknown", conversation: "elsewhere");

        Assert.Contains("Only Administrators can approve.", Refused(await world.Approve(wrong with { Person = DecisionWorld.Stranger })), StringComparison.Ordinal);
        Assert.StartsWith("There is nothing to decide any more", Refused(await world.Approve(wrong)), StringComparison.Ordinal);
        await world.Move(p => p with { Status = ProposalStatus.AwaitingApproval });
        Assert.StartsWith("This card shows revision 1; revision 2", Refused(await world.Approve(wrong)), StringComparison.Ordinal);
        wrong = wrong with { Revision = 2 };
        Assert.StartsWith("The emergency stop is on (Grace", Refused(await world.Approve(wrong)), StringComparison.Ordinal);
        await world.Store.EditControl(c => c with { Stopped = false });
        Assert.StartsWith("You asked for this yourself", Refused(await world.Approve(wrong)), StringComparison.Ordinal);
        wrong = wrong with { Person = DecisionWorld.Grace };
        Assert.StartsWith("The deadline passed", Refused(await world.Approve(wrong)), StringComparison.Ordinal);
        await world.Move(p => p with { DeliveredAt = world.Store.Now });
        Assert.StartsWith("This button is not on the message", Refused(await world.Approve(wrong)), StringComparison.Ordinal);
        Assert.IsType<DecisionAnswer.Recorded>(await world.Approve(world.Click(DecisionWorld.Grace)));

        Assert.Equal(7, (await world.Audit(AuditKind.DecisionRefused)).Count);
        Assert.Single(await world.Audit(AuditKind.DecisionMade));
    }

    [Fact, FailureMode(9)]
    public async Task A_stranger_on_an_expired_card_leaves_an_audit_line_and_learns_nothing_of_it()
    {
        await using var world = await DecisionWorld.Open();
        world.Store.Clock.Advance(Expiry);
        var before = await world.Now();

        var refused = Assert.IsType<DecisionAnswer.Refused>(await world.Approve(world.Click(DecisionWorld.Stranger)));

        Assert.Null(refused.Now);
        Assert.DoesNotContain("deadline", refused.Why, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(before.Version, (await world.Now()).Version);
        Assert.Equal(DecisionWorld.Stranger.ObjectId, Assert.Single(await world.Store.Audit()).Entry.Actor.ObjectId);
        Assert.Empty(await world.Store.Read(t => world.Store.Outbox.Due(t, world.Store.Now, 9)));
    }

    [Theory]
    [InlineData("another message of the channel", DecisionWorld.Channel, "unknown")]
    [InlineData("the older revision's message", DecisionWorld.Channel, "m0")]
    [InlineData("the same message id elsewhere", "19:other@thread.tacv2", DecisionWorld.Message)]
    [InlineData("no message at all", DecisionWorld.Channel, null)]
    public async Task A_click_counts_on_the_delivered_message_alone(string where, string conversation, string? message)
    {
        await using var world = await DecisionWorld.Open();

        Assert.Contains("newest card", Refused(await world.Approve(world.Click(message: message, conversation: conversation))), StringComparison.Ordinal);

        Assert.Equal(ProposalStatus.AwaitingApproval, (await world.Now()).Status);
        Assert.DoesNotContain(await world.Store.Read(t => world.Store.Outbox.MessagesOf(t, world.Card.Subject)), m => m.Message.ActivityId is "unknown" || m.Message.ConversationId != DecisionWorld.Channel || where.Length == 0);
    }

    [Fact]
    public async Task A_delivery_that_is_not_confirmed_has_no_deadline_and_takes_no_decision()
    {
        await using var world = await DecisionWorld.Open(delivered: false);
        world.Store.Clock.Advance(TimeSpan.FromDays(9));

        Assert.Contains("not confirmed yet", Refused(await world.Approve()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [FailureMode(15)]
    public async Task A_click_counts_until_the_millisecond_before_the_deadline(int milliseconds, bool counts)
    {
        await using var world = await DecisionWorld.Open();
        world.Store.Clock.Advance(Expiry + TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(counts, await world.Approve() is DecisionAnswer.Recorded);
    }

    [Fact]
    public async Task While_stopped_a_click_is_refused_unrecorded_and_the_card_works_after_the_start()
    {
        await using var world = await DecisionWorld.Open();
        await world.Store.EditControl(c => c with { Stopped = true, StoppedBy = "Grace", StoppedAt = world.Store.Now });
        Assert.Contains("Nothing was recorded", Refused(await world.Approve()), StringComparison.Ordinal);

        await world.Store.EditControl(c => c with { Stopped = false });

        Assert.IsType<DecisionAnswer.Recorded>(await world.Approve());
    }

    [Fact]
    public async Task A_directory_that_does_not_answer_is_a_no_and_the_card_stays_usable()
    {
        await using var world = await DecisionWorld.Open();
        world.Graph.Faults.Always(Fault.Status(503));
        Assert.Contains("could not find out", Refused(await world.Approve()), StringComparison.Ordinal);

        world.Graph.Faults.Clear();

        Assert.IsType<DecisionAnswer.Recorded>(await world.Approve());
    }

    [Fact]
    public async Task A_card_of_no_proposal_is_refused()
    {
        await using var world = await DecisionWorld.Open();

        Assert.Contains("no proposal", Refused(await world.Approve(world.Click() with { Proposal = new("p99") })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_approvals_of_two_Administrators_are_one_decision()
    {
        await using var world = await DecisionWorld.Open();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => world.Approve(world.Click(i % 2 == 0 ? DecisionWorld.Ada : DecisionWorld.Grace)))));

        var recorded = Assert.Single(answers.OfType<DecisionAnswer.Recorded>());
        var now = await world.Now();
        Assert.Equal(recorded.Proposal.Proposal.Decision, now.Decision);
        Assert.True(world.Seals.Verifies(now, 1));
        Assert.Equal(now.Decision!.By.ObjectId, Assert.Single(await world.Audit(AuditKind.DecisionMade)).Entry.Actor.ObjectId);
        Assert.Equal(49, (await world.Audit(AuditKind.DecisionRefused)).Count);
    }

    [Fact, FailureMode(2)]
    public async Task Of_a_storm_of_approvals_and_denials_the_first_one_stands()
    {
        await using var world = await DecisionWorld.Open();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => world.Handler.Decide(
            world.Click(i % 4 < 2 ? DecisionWorld.Ada : DecisionWorld.Grace), i % 2 == 0 ? DecisionKind.Approve : DecisionKind.Deny, null, StoreWorld.Ct))));

        var recorded = Assert.Single(answers.OfType<DecisionAnswer.Recorded>());
        var now = await world.Now();
        Assert.Equal((recorded.Proposal.Status, recorded.Proposal.Proposal.Decision), (now.Status, now.Decision));
        Assert.Equal(now.Decision!.Kind == DecisionKind.Approve, now.Status == ProposalStatus.Approved);
        Assert.Single(await world.Audit(AuditKind.DecisionMade));
    }

    private static string Refused(DecisionAnswer answer) => Assert.IsType<DecisionAnswer.Refused>(answer).Why;
}
