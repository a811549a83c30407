using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Storage;

internal sealed class OutboxTable(Unreadable unreadable) : IOutbox
{
    private const string Columns = "id, state, attempts, next_at, created_at, may_have_arrived, problem, holder, destination, document";

    /// <summary>The row is still the caller's: nobody sends it, or the caller does.</summary>
    private const string Unchanged = "id = @id AND state IN ('Pending', 'Sending') AND COALESCE(holder, '') = @holder";

    public Task Enqueue(ITransaction transaction, OutboxItem item, DateTimeOffset now) => transaction.Unit().Execute(
        """
        INSERT INTO outbox (id, shows, subject, urgency, state, attempts, next_at, created_at, may_have_arrived, document)
        VALUES (@id, @shows, @subject, @urgency, 'Pending', 0, @now, @now, 0, @document)
        ON CONFLICT (shows, subject) WHERE state = 'Pending' DO UPDATE
          SET urgency = CASE WHEN excluded.urgency > outbox.urgency THEN excluded.urgency ELSE outbox.urgency END
        """,
        new
        {
            id = Guid.CreateVersion7().ToString("N"), shows = item.Shows.ToString(), subject = item.Subject, urgency = (int)item.Urgency, now = now.Ms(), document = Sql.Write(item),
        });

    public async Task<IReadOnlyDictionary<string, long>> Depth(ITransaction transaction)
    {
        string[] states = [nameof(OutboxState.Pending), nameof(OutboxState.Sending), nameof(OutboxState.Undeliverable)];
        var counted = await transaction.Unit().Many<(string State, long Rows)>("SELECT state, COUNT(*) FROM outbox WHERE state IN ('Pending', 'Sending', 'Undeliverable') GROUP BY state");
        return states.ToDictionary(s => s, s => counted.Where(c => c.State == s).Sum(c => c.Rows));
    }

    public Task<IReadOnlyList<OutboxRow>> Due(ITransaction transaction, DateTimeOffset now, int most) => Many(
        transaction,
        $"""
        FROM (
          SELECT o.*, ROW_NUMBER() OVER (PARTITION BY o.destination ORDER BY o.urgency DESC, o.created_at, o.id) AS place
          FROM outbox o LEFT JOIN turns t ON t.conversation_id = o.destination
          WHERE o.state = 'Pending' AND o.next_at <= @now AND (t.conversation_id IS NULL OR ({TurnTable.Free}))
        ) waiting
        WHERE place = 1 OR destination IS NULL ORDER BY urgency DESC, created_at, id LIMIT @most
        """,
        new { now = now.Ms(), most, latest = Lease.Latest(now).Ms() });

    public async Task<DateTimeOffset?> NextTurn(ITransaction transaction, DateTimeOffset now) => (await transaction.Unit().One<long?>(
        "SELECT MIN(t.next_at) FROM turns t WHERE t.next_at > @now AND EXISTS (SELECT 1 FROM outbox o WHERE o.state = 'Pending' AND o.next_at <= @now AND o.destination = t.conversation_id)",
        new { now = now.Ms() }))?.Time();

    public async Task Route(ITransaction transaction, IReadOnlyList<(string Id, string ConversationId)> routes)
    {
        foreach (var (id, destination) in routes)
        {
            await transaction.Unit().Execute("UPDATE outbox SET destination = @destination WHERE id = @id AND state = 'Pending'", new { id, destination });
        }
    }

    public async Task<bool> IsWaiting(ITransaction transaction, string id, DateTimeOffset now) => await transaction.Unit().One<string>(
        $"SELECT id FROM outbox WHERE id = @id AND state = 'Pending' AND next_at <= @now{transaction.Unit().Taken}", new { id, now = now.Ms() }) is not null;

    public async Task<OutboxRow?> StartSending(ITransaction transaction, OutboxRow row, string holder) => await transaction.Unit().Execute(
        "UPDATE outbox SET state = 'Sending', attempts = attempts + 1, holder = @holder, destination = @Destination WHERE id = @Id AND state = 'Pending'",
        new { row.Id, row.Destination, holder }) == 1
        ? row with { State = OutboxState.Sending, Attempts = row.Attempts + 1, Holder = holder }
        : null;

    public async Task<bool> Finish(ITransaction transaction, OutboxRow row, OutboxState state, string? problem) => await transaction.Unit().Execute(
        $"UPDATE outbox SET state = @state, problem = @problem, holder = NULL WHERE {Unchanged}",
        new { id = row.Id, holder = row.Holder ?? "", state = state.ToString(), problem }) == 1;

    public async Task<bool> Postpone(ITransaction transaction, OutboxRow row, DateTimeOffset nextAt, string problem, Postponed waiting)
    {
        var values = new
        {
            id = row.Id, holder = row.Holder ?? "", nextAt = nextAt.Ms(), problem,
            mayHaveArrived = waiting == Postponed.InDoubt ? 1 : 0, parked = waiting == Postponed.Parked ? 1 : 0,
        };
        if (await transaction.Unit().Execute(
            $"""
            UPDATE outbox SET next_at = @nextAt, problem = @problem, may_have_arrived = CASE WHEN @mayHaveArrived = 1 THEN 1 ELSE may_have_arrived END, parked = @parked, holder = NULL,
              state = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.shows = outbox.shows AND o.subject = outbox.subject AND o.state = 'Pending' AND o.id <> outbox.id) THEN 'Done' ELSE 'Pending' END
            WHERE {Unchanged}
            """,
            values) == 0)
        {
            return false;
        }

        // A newer row for the same subject may be waiting already: then this one is done with, and its doubt goes along.
        await transaction.Unit().Execute(
            """
            UPDATE outbox SET may_have_arrived = CASE WHEN @mayHaveArrived = 1 THEN 1 ELSE may_have_arrived END, next_at = CASE WHEN @nextAt > next_at THEN @nextAt ELSE next_at END,
              problem = @problem, parked = @parked
            WHERE state = 'Pending' AND id <> @id AND (shows, subject) = (SELECT o.shows, o.subject FROM outbox o WHERE o.id = @id)
            """,
            values);
        return true;
    }

    public Task<IReadOnlyList<OutboxRow>> Interrupted(ITransaction transaction, DateTimeOffset now, int most) => Many(
        transaction,
        """
        FROM outbox WHERE state = 'Sending' AND NOT EXISTS (SELECT 1 FROM turns t WHERE t.holder = outbox.holder AND t.until > @now AND t.until <= @latest)
        ORDER BY created_at LIMIT @most
        """,
        new { now = now.Ms(), most, latest = Lease.Latest(now).Ms() });

    public Task WakeParked(ITransaction transaction, DateTimeOffset now) => transaction.Unit().Execute(
        "UPDATE outbox SET next_at = @now, parked = 0, destination = NULL WHERE state = 'Pending' AND parked = 1", new { now = now.Ms() });

    public async Task<OutboxRow?> LatestOf(ITransaction transaction, string subject) =>
        // What is still to be sent is the newest: times of writing come from several clocks.
        (await Many(transaction, "FROM outbox WHERE subject = @subject ORDER BY CASE state WHEN 'Pending' THEN 0 WHEN 'Sending' THEN 1 ELSE 2 END, created_at DESC, id DESC LIMIT 1", new { subject })).SingleOrDefault();

    public Task PullAlong(ITransaction transaction, TimeSpan jump, DateTimeOffset now) => transaction.Unit().Execute(
        "UPDATE outbox SET next_at = CASE WHEN next_at + @jump < @now THEN @now ELSE next_at + @jump END WHERE state = 'Pending' AND next_at > @now",
        new { jump = (long)jump.TotalMilliseconds, now = now.Ms() });

    public async Task<bool> MayHaveArrived(ITransaction transaction, string subject, bool posted) => await transaction.Unit().One<long>(
        "SELECT COUNT(*) FROM outbox WHERE subject = @subject AND (may_have_arrived = 1 OR (state = 'Sending' AND @posted = 0))", new { subject, posted = posted ? 1 : 0 }) > 0;

    public async Task<IReadOnlyList<ShownMessage>> MessagesOf(ITransaction transaction, string subject) =>
        [.. (await transaction.Unit().Many<MessageRow>(
            "SELECT subject, revision, conversation_id, activity_id, root_id, content_hash, at FROM messages WHERE subject = @subject ORDER BY revision, at",
            new { subject })).Select(r => r.Message())];

    public Task Remember(ITransaction transaction, ShownMessage message) => transaction.Unit().Execute(
        """
        INSERT INTO messages (conversation_id, activity_id, root_id, subject, revision, content_hash, at) VALUES (@ConversationId, @ActivityId, @RootId, @subject, @revision, @hash, @at)
        ON CONFLICT (conversation_id, activity_id) DO UPDATE SET revision = excluded.revision, content_hash = excluded.content_hash
        """,
        new
        {
            message.Message.ConversationId, message.Message.ActivityId, message.Message.RootId,
            subject = message.Subject, revision = message.Revision, hash = message.ContentHash, at = message.At.Ms(),
        });

    public Task Forget(ITransaction transaction, MessageRef message) => transaction.Unit().Execute(
        "DELETE FROM messages WHERE conversation_id = @ConversationId AND activity_id = @ActivityId", new { message.ConversationId, message.ActivityId });

    public async Task<MessageRef?> ThreadOf(ITransaction transaction, string thread) =>
        (await transaction.Unit().One<ThreadRow>("SELECT conversation_id, root_id FROM threads WHERE thread = @thread", new { thread })) is { } row
            ? new MessageRef(row.Conversation_Id, row.Root_Id, row.Root_Id)
            : null;

    public Task RememberThread(ITransaction transaction, string thread, MessageRef root) => transaction.Unit().Execute(
        "INSERT INTO threads (thread, conversation_id, root_id) VALUES (@thread, @ConversationId, @ActivityId) ON CONFLICT (thread) DO UPDATE SET conversation_id = excluded.conversation_id, root_id = excluded.root_id",
        new { thread, root.ConversationId, root.ActivityId });

    public Task<IReadOnlyList<OutboxRow>> Troubled(ITransaction transaction, int most) =>
        Many(transaction, "FROM outbox WHERE state = 'Undeliverable' OR (state = 'Pending' AND problem IS NOT NULL) ORDER BY created_at DESC LIMIT @most", new { most });

    private async Task<IReadOnlyList<OutboxRow>> Many(ITransaction transaction, string from, object values) =>
        unreadable.Readable(await transaction.Unit().Many<Row>($"SELECT {Columns} {from}", values), r => $"message/{r.Id}", r => r.Outbox());

    private sealed record Row(string Id, string State, long Attempts, long Next_At, long Created_At, long May_Have_Arrived, string? Problem, string? Holder, string? Destination, string Document)
    {
        public OutboxRow Outbox() => new(
            Id, Sql.Read<OutboxItem>(Document), Enum.Parse<OutboxState>(State), (int)Attempts, Next_At.Time(), Created_At.Time(), May_Have_Arrived != 0, Problem, Holder, Destination);
    }

    private sealed record MessageRow(string Subject, long Revision, string Conversation_Id, string Activity_Id, string? Root_Id, string Content_Hash, long At)
    {
        public ShownMessage Message() => new(Subject, (int)Revision, new MessageRef(Conversation_Id, Activity_Id, Root_Id), Content_Hash, At.Time());
    }

    private sealed record ThreadRow(string Conversation_Id, string Root_Id);
}
