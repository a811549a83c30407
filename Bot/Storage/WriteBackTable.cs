using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal sealed class WriteBackTable(Unreadable unreadable) : IWriteBacks
{
    private const string Columns = "run_id, what, alert_id, state, attempts, next_at, created_at, problem";

    /// <summary>Still the caller's: nobody moved it since.</summary>
    private const string Unchanged = "run_id = @run AND what = @what AND alert_key = @key AND state = 'Pending' AND next_at = @seen";

    public Task Plan(ITransaction transaction, RunId run, WriteBackKind what, string alert, DateTimeOffset now) => transaction.Unit().Execute(
        """
        INSERT INTO write_backs (run_id, what, alert_key, alert_id, state, attempts, next_at, created_at) VALUES (@run, @what, @key, @alert, 'Pending', 0, @now, @now)
        ON CONFLICT (run_id, what, alert_key) DO NOTHING
        """,
        new { run = run.Value, what = what.ToString(), key = Digest.Of(alert), alert, now = now.Ms() });

    public async Task<IReadOnlyList<RunId>> Unacknowledged(ITransaction transaction, IReadOnlyList<Platform> platforms, int most) =>
        [.. (await transaction.Unit().Many<string>(
            """
            SELECT DISTINCT p.run_id FROM proposals p JOIN incidents i ON i.id = p.incident_id WHERE p.status IN ('Approved', 'Executing') AND i.platform IN @platforms
              AND NOT EXISTS (SELECT 1 FROM write_backs w WHERE w.run_id = p.run_id AND w.what = 'Acknowledge') LIMIT @most
            """,
            new { platforms = platforms.Select(p => p.ToString()).ToArray(), most })).Select(id => new RunId(id))];

    public Task<IReadOnlyList<WriteBack>> Due(ITransaction transaction, DateTimeOffset now, int most) =>
        Many(transaction, "state = 'Pending' AND next_at <= @now ORDER BY next_at LIMIT @most", new { now = now.Ms(), most });

    public async Task<WriteBack?> Find(ITransaction transaction, RunId run, WriteBackKind what, string alert) => (await Many(
        transaction, "run_id = @run AND what = @what AND alert_key = @key", new { run = run.Value, what = what.ToString(), key = Digest.Of(alert) })).SingleOrDefault();

    public async Task<WriteBack?> Take(ITransaction transaction, WriteBack due, DateTimeOffset until) => await transaction.Unit().Execute(
        $"UPDATE write_backs SET next_at = @next, attempts = attempts + 1 WHERE {Unchanged}", Values(due, until)) == 1
        ? due with { NextAt = until.Ms().Time(), Attempts = due.Attempts + 1 }
        : null;

    public async Task<bool> Record(ITransaction transaction, WriteBack taken, WriteBackState state, DateTimeOffset nextAt, string? problem) => await transaction.Unit().Execute(
        $"UPDATE write_backs SET state = @state, next_at = @next, problem = @problem WHERE {Unchanged}", Values(taken, nextAt, state, problem)) == 1;

    public Task PullAlong(ITransaction transaction, TimeSpan jump, DateTimeOffset now) => transaction.Unit().Execute(
        "UPDATE write_backs SET next_at = CASE WHEN next_at + @jump < @now THEN @now ELSE next_at + @jump END WHERE state = 'Pending' AND next_at > @now",
        new { jump = (long)jump.TotalMilliseconds, now = now.Ms() });

    public Task Void(ITransaction transaction, string why) =>
        transaction.Unit().Execute("UPDATE write_backs SET state = 'NotNeeded', problem = @why WHERE state = 'Pending'", new { why });

    public Task<IReadOnlyList<WriteBack>> Troubled(ITransaction transaction, DateTimeOffset since, int most) => Many(
        transaction,
        "(state = 'Pending' AND problem IS NOT NULL) OR (state = 'GivenUp' AND created_at >= @since) ORDER BY created_at DESC LIMIT @most",
        new { since = since.Ms(), most });

    private static object Values(WriteBack row, DateTimeOffset next, WriteBackState state = WriteBackState.Pending, string? problem = null) => new
    {
        run = row.Run.Value, what = row.What.ToString(), key = Digest.Of(row.Alert), seen = row.NextAt.Ms(), next = next.Ms(), state = state.ToString(), problem,
    };

    private async Task<IReadOnlyList<WriteBack>> Many(ITransaction transaction, string where, object values) => unreadable.Readable(
        await transaction.Unit().Many<Row>($"SELECT {Columns} FROM write_backs WHERE {where}", values), r => $"write-back/{r.Run_Id}/{r.What}", r => r.WriteBack());

    private sealed record Row(string Run_Id, string What, string Alert_Id, string State, long Attempts, long Next_At, long Created_At, string? Problem)
    {
        public WriteBack WriteBack() => new(
            new(Run_Id), Enum.Parse<WriteBackKind>(What), Alert_Id, Enum.Parse<WriteBackState>(State), (int)Attempts, Next_At.Time(), Created_At.Time(), Problem);
    }
}
