using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Storage;

internal sealed class TurnTable : ITurns
{
    /// <summary>Teams throttles at 7 a second, 8 in two, 60 in 30 s, 1,800 an hour.</summary>
    private static readonly (TimeSpan Window, int Most)[] Windows =
        [(TimeSpan.FromSeconds(1), 5), (TimeSpan.FromSeconds(2), 7), (TimeSpan.FromSeconds(30), 55), (TimeSpan.FromHours(1), 1700)];

    /// <summary>Of a row "t": nobody speaks, and something may be sent.</summary>
    public const string Free = "(t.until <= @now OR t.until > @latest) AND (t.next_at <= @now OR t.written_at > @latest)";

    public async Task<bool> Take(ITransaction transaction, string conversationId, Lease lease, DateTimeOffset now)
    {
        var taken = await transaction.Unit().Execute(
            $"""
            INSERT INTO turns AS t (conversation_id, holder, until, next_at, written_at) VALUES (@conversationId, @Holder, @until, 0, @now)
            ON CONFLICT (conversation_id) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE {Free}
            """,
            new { conversationId, lease.Holder, until = (now + Lease.Life).Ms(), now = now.Ms(), latest = Lease.Latest(now).Ms() }) == 1;
        if (!taken)
        {
            return false;
        }

        if (await Count(transaction, conversationId, now) == TimeSpan.Zero)
        {
            return true;
        }

        await Release(transaction, conversationId, lease.Holder);
        return false;
    }

    public async Task<bool> Renew(ITransaction transaction, string conversationId, Lease lease, DateTimeOffset now) => await transaction.Unit().Execute(
        "UPDATE turns SET until = @until WHERE conversation_id = @conversationId AND holder = @Holder",
        new { conversationId, lease.Holder, until = (now + Lease.Life).Ms() }) == 1;

    public Task Release(ITransaction transaction, string conversationId, string holder) => transaction.Unit().Execute(
        "UPDATE turns SET holder = NULL, until = 0 WHERE conversation_id = @conversationId AND holder = @holder", new { conversationId, holder });

    public async Task<TimeSpan> Count(ITransaction transaction, string conversationId, DateTimeOffset now)
    {
        var values = new { conversationId, now = now.Ms(), latest = Lease.Latest(now).Ms() };
        // Holds the row, so that two who count for one conversation do it one after the other.
        await transaction.Unit().Execute(
            "INSERT INTO turns (conversation_id, until, next_at, written_at) VALUES (@conversationId, 0, 0, @now) ON CONFLICT (conversation_id) DO UPDATE SET conversation_id = excluded.conversation_id",
            values);
        var next = await transaction.Unit().One<long>("SELECT CASE WHEN written_at > @latest THEN 0 ELSE next_at END FROM turns WHERE conversation_id = @conversationId", values);
        if (next > now.Ms())
        {
            return next.Time() - now;
        }

        await transaction.Unit().Execute(
            "DELETE FROM sends WHERE conversation_id = @conversationId AND (at <= @old OR at > @latest)",
            new { conversationId, old = (now - Windows[^1].Window).Ms(), latest = Lease.Latest(now).Ms() });
        await transaction.Unit().Execute(
            "INSERT INTO sends (id, conversation_id, at) VALUES (@id, @conversationId, @now)", new { id = Guid.NewGuid().ToString("N"), conversationId, now = now.Ms() });
        await Hold(transaction, conversationId, now + await Wait(transaction, conversationId, now), now);
        return TimeSpan.Zero;
    }

    public Task Hold(ITransaction transaction, string conversationId, DateTimeOffset until, DateTimeOffset now) => transaction.Unit().Execute(
        """
        UPDATE turns SET next_at = CASE WHEN next_at > @until AND written_at <= @latest THEN next_at ELSE @until END, written_at = @now WHERE conversation_id = @conversationId
        """,
        new { conversationId, until = until.Ms(), now = now.Ms(), latest = Lease.Latest(now).Ms() });

    /// <summary>Until the oldest of the last few has left its window.</summary>
    private static async Task<TimeSpan> Wait(ITransaction transaction, string conversationId, DateTimeOffset now)
    {
        var longest = TimeSpan.Zero;
        foreach (var (window, most) in Windows)
        {
            if (await transaction.Unit().One<long?>(
                "SELECT at FROM sends WHERE conversation_id = @conversationId ORDER BY at DESC LIMIT 1 OFFSET @before", new { conversationId, before = most - 1 }) is { } at
                && at.Time() + window - now is var wait && wait > longest)
            {
                longest = wait;
            }
        }

        return longest;
    }
}
