using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Storage;

/// <summary>What only happens where several write at once. Each test holds one transaction open at the worst moment.</summary>
public sealed class RacesOnPostgreSql
{
    [Fact]
    public async Task Replicas_that_start_together_migrate_once()
    {
        var database = (await StoreOfTest.NewDatabase())!;
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => PostgresStore.Open(database))));

        var done = await stores[0].Reader().Read(t => t.Unit().Many<string>("SELECT name FROM migrations"), StoreWorld.Ct);
        var control = await stores[0].Reader().Read(t => t.Unit().One<long>("SELECT COUNT(*) FROM control"), StoreWorld.Ct);

        Assert.Equal(done.Distinct(), done);
        Assert.Equal(1, control);
        Array.ForEach(stores, s => s.Dispose());
        await StoreOfTest.Drop(database);
    }

    [Theory]
    [InlineData("stop", "Approved")]
    [InlineData("stop", "Cleared")]
    [InlineData("tightening", "Cleared")]
    public async Task No_claim_commits_after_a_stop_or_a_tightening_was_answered(string what, string status)
    {
        await using var world = await StoreWorld.Open();
        var proposals = new List<GatedProposal>();
        for (var i = 0; i < 8; i++)
        {
            proposals.Add(await world.Propose(Enum.Parse<ProposalStatus>(status), $"{StoreWorld.App}-{i}"));
        }

        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var claims = proposals.Select(async p =>
        {
            await go.Task;
            return await world.Claim(p, $"c-{p.Proposal.Id}");
        }).ToList();
        // In the middle of the claims, and slow: what was claimed before it is what its own transaction sees.
        var answered = Task.Run(async () =>
        {
            await go.Task;
            return await world.Write(async t =>
            {
                if (what == "stop")
                {
                    var control = await world.Plans.HoldControl(t);
                    Assert.NotNull(await world.Plans.WriteControl(t, control with { Stopped = true }, control.Version));
                }
                else
                {
                    var plan = (await world.Plans.Hold(t, StoreWorld.Plan))!;
                    Assert.NotNull(await world.Plans.Update(t, plan with { Mode = RunMode.Review }, plan.Version));
                }

                return (await world.Proposals.InStatus(t, [ProposalStatus.Executing], 100)).Count;
            });
        });
        go.SetResult();

        var before = await answered;
        var won = (await Task.WhenAll(claims)).Count(c => c is not null);
        Assert.Equal(before, won);
    }

    [Fact]
    public async Task A_claim_that_meets_a_stop_under_way_waits_for_it_and_loses()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Approved);
        var (inside, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var stop = world.Write(async t =>
        {
            var control = await world.Plans.HoldControl(t);
            inside.SetResult();
            await release.Task;
            Assert.NotNull(await world.Plans.WriteControl(t, control with { Stopped = true }, control.Version));
        });
        await inside.Task;
        var claim = world.Claim(proposal);
        await Waiting(world);
        release.SetResult();
        await stop;

        Assert.Null(await claim);
    }

    [Fact]
    public async Task Two_that_read_the_same_proposal_write_one_after_the_other()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.AwaitingApproval);
        var moved = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => world.Write(async t =>
        {
            var before = (await world.Proposals.Find(t, proposal.Proposal.Id))!;
            return await world.Proposals.Move(t, before, before);
        }))));

        Assert.All(moved, Assert.True);
        Assert.Equal(proposal.Proposal.Version + 10, (await world.Find(proposal))!.Proposal.Version);
    }

    [Fact]
    public async Task Of_fifty_claims_on_one_target_one_wins()
    {
        await using var world = await StoreWorld.Open();
        var proposals = new List<GatedProposal>();
        for (var i = 0; i < 5; i++)
        {
            proposals.Add(await world.Propose(ProposalStatus.Approved));
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => world.Claim(proposals[i % 5], $"c{i}"))));

        Assert.Single(claims, c => c is not null);
        Assert.Single(await world.Audit(AuditKind.ExecutionStarted));
    }

    [Fact]
    public async Task A_deadlock_is_run_again_and_both_commit()
    {
        await using var world = await StoreWorld.Open();
        await world.Write(t => t.Unit().Execute("INSERT INTO people VALUES ('a', '0'), ('b', '0')"));
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());

        async Task Cross(string one, string other, TaskCompletionSource mine, TaskCompletionSource theirs) => await world.Write(async t =>
        {
            await Add(t, one);
            mine.TrySetResult();
            await theirs.Task;
            await Add(t, other);
        });
        await Task.WhenAll(Cross("a", "b", first, second), Cross("b", "a", second, first));

        Assert.Equal(["2", "2"], await world.Read(t => t.Unit().Many<string>("SELECT conversation_id FROM people ORDER BY object_id")));

        static Task Add(ITransaction t, string person) =>
            t.Unit().Execute("UPDATE people SET conversation_id = CAST(CAST(conversation_id AS BIGINT) + 1 AS TEXT) WHERE object_id = @person", new { person });
    }

    [Fact]
    public async Task Rows_for_one_subject_coalesce_whoever_writes_them()
    {
        await using var world = await StoreWorld.Open();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => world.Write(t => world.Outbox.Enqueue(t, new(Shown.Proposal, $"proposal/{i % 4}", Urgency.Result), world.Now)))));

        Assert.Equal(4, (await world.Read(t => world.Outbox.Due(t, world.Now, 100))).Count);
    }

    [Fact]
    public async Task A_transaction_whose_process_sleeps_is_ended_by_the_server_and_wrote_nothing()
    {
        await using var world = await StoreWorld.Open();
        var (holds, asleep) = (new TaskCompletionSource(), new TaskCompletionSource());
        var write = world.Write(async t =>
        {
            await world.Plans.HoldControl(t);
            holds.TrySetResult();
            await t.Append(AuditEntry.OfBot(world.Now, AuditKind.Started, "bot"));
            await asleep.Task;
            await t.Append(AuditEntry.OfBot(world.Now, AuditKind.Started, "bot"));
        });

        await holds.Task;
        // Waits for the server to end the other one.
        await world.EditControl(c => c with { Stopped = true });
        asleep.SetResult();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => write);
        Assert.Empty(await world.Audit());
    }

    [Fact]
    public async Task The_clock_of_the_server_is_what_a_replica_is_held_against()
    {
        await using var world = await StoreWorld.Open();
        var right = new ClockSkew(new ServerClock(), TimeProvider.System);
        var wrong = new ClockSkew(new ServerClock(), world.Clock);

        Assert.True(await world.Read(right.Agrees));
        Assert.False(await world.Read(wrong.Agrees));
        Assert.True(wrong.IsTooGreat);
        Assert.False(right.IsTooGreat);
    }

    [Fact]
    public async Task A_look_for_a_place_waits_for_the_install_that_it_would_miss()
    {
        await using var world = await StoreWorld.Open();
        var (inside, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var install = world.Write(async t =>
        {
            await world.Conversations.Installed(t, new("team", ConversationKind.Channel, new("https://smba.example/a/"), "tenant", "bot", TeamId: "team"), world.Now);
            await world.Outbox.WakeAll(t, world.Now);
            inside.SetResult();
            await release.Task;
        });
        await inside.Task;
        var look = world.Write(async t =>
        {
            await Parking.Begin(t);
            return await world.Conversations.FirstTeam(t);
        });
        await Waiting(world);
        release.SetResult();
        await install;

        Assert.NotNull(await look);
    }

    /// <summary>Until somebody waits for a lock in this database.</summary>
    private static async Task Waiting(StoreWorld world)
    {
        while (await world.Read(t => t.Unit().One<long>("SELECT COUNT(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE a.datname = current_database() AND NOT l.granted")) == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, StoreWorld.Ct);
        }
    }
}
