using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

public class LedgerTests
{
    [Fact]
    public async Task What_fails_in_a_group_fails_alone()
    {
        await using var world = await StoreWorld.Open();
        var group = Enumerable.Range(0, 100).Select(i => world.Write(async t =>
        {
            await world.Outbox.RememberThread(t, $"incident/{i}", new("c", $"m{i}", null));
            return i % 3 == 0 ? throw new InvalidOperationException($"no {i}") : i;
        })).ToList();

        var results = await Task.WhenAll(group.Select(async g =>
        {
            await ((Task)g).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return g;
        }));

        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal(i % 3 == 0, results[i].IsFaulted);
            Assert.Equal(i % 3 == 0 ? $"no {i}" : null, results[i].Exception?.InnerException?.Message);
            Assert.Equal(i % 3 == 0, await world.Read(t => world.Outbox.ThreadOf(t, $"incident/{i}")) is null);
        }
    }

    [Fact]
    public async Task A_constraint_that_is_violated_is_the_callers_and_a_store_that_cannot_write_is_nobodys()
    {
        await using var world = await StoreWorld.Open();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.Write(t => t.Unit().Execute("INSERT INTO threads (thread) VALUES (NULL)")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Write(t => t.Unit().Execute("INSERT INTO nowhere VALUES (1)")));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Read(t => t.Unit().Many<string>("SELECT x FROM nowhere")));
        Assert.Equal(1, await world.Write(t => t.Unit().Execute("INSERT INTO people VALUES ('ada', 'c')")));
    }

    [Fact]
    public async Task What_was_answered_is_visible_to_the_next_read_and_what_is_not_committed_is_not()
    {
        await using var world = await StoreWorld.Open();
        await world.Write(t => world.Conversations.RememberPerson(t, "ada", "c1"));
        var inside = new TaskCompletionSource();
        var release = new TaskCompletionSource();

        var write = world.Write(async t =>
        {
            await t.Unit().Execute("UPDATE people SET conversation_id = 'c2'");
            inside.SetResult();
            await release.Task;
        });
        await inside.Task;
        Assert.Equal("c1", await Conversation());
        release.SetResult();
        await write;

        Assert.Equal("c2", await Conversation());

        Task<string?> Conversation() => world.Read(t => t.Unit().One<string>("SELECT conversation_id FROM people"));
    }

    [Fact]
    public async Task A_commit_beats_and_a_read_neither_beats_nor_writes_audit()
    {
        await using var world = await StoreWorld.Open();
        var beat = world.Pulse.Next;

        await world.Read(t => world.Plans.ReadControl(t));
        Assert.False(beat.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Read(async t =>
        {
            await t.Append(AuditEntry.OfBot(world.Now, AuditKind.Started, "bot"));
            return true;
        }));

        await world.Write(t => world.Conversations.RememberPerson(t, "ada", "c1"));
        await beat.WaitAsync(TimeSpan.FromSeconds(20), StoreWorld.Ct);
    }

    [Fact]
    public async Task Changes_audit_and_outbox_of_one_unit_commit_together_or_not_at_all()
    {
        await using var world = await StoreWorld.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Write(async t =>
        {
            await t.Append(AuditEntry.OfBot(world.Now, AuditKind.Started, "bot"));
            await world.Outbox.Enqueue(t, new(Shown.Notice, "notice/1", Urgency.Reply), world.Now);
            throw new InvalidOperationException("at the very end");
        }));

        Assert.Empty(await world.Audit());
        Assert.Empty(await world.Read(t => world.Outbox.Due(t, world.Now, 10)));
    }

    [Fact]
    public async Task A_caller_who_gave_up_before_queueing_wrote_nothing()
    {
        await using var world = await StoreWorld.Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            world.Ledger.Write(DurableStep.Unknown, t => world.Conversations.RememberPerson(t, "ada", "c1"), new CancellationToken(canceled: true)));

        Assert.Equal(0, await world.Read(t => t.Unit().One<long>("SELECT COUNT(*) FROM people")));
    }
}
