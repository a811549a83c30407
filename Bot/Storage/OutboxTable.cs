using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Storage;

internal sealed class OutboxTable : IOutbox
{
    private const string Columns = "id, state, attempts, next_at, created_at, may_have_arrived, problem, document";

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

    public Task<IReadOnlyList<OutboxRow>> Due(ITransaction transaction, DateTimeOffset now, int most) =>
        Many(transaction, "state = 'Pending' AND next_at <= @now ORDER BY urgency DESC, created_at, id LIMIT @most", new { now = now.Ms(), most });

    public async Task<bool> StartSending(ITransaction transaction, string id, DateTimeOffset now) => await transaction.Unit().Execute(
        "UPDATE outbox SET state = 'Sending', attempts = attempts + 1 WHERE id = @id AND state = 'Pending'", new { id }) == 1;

    public Task Finish(ITransaction transaction, string id, OutboxState state, string? problem, DateTimeOffset now) => transaction.Unit().Execute(
        "UPDATE outbox SET state = @state, problem = @problem WHERE id = @id", new { id, state = state.ToString(), problem });

    public async Task Postpone(ITransaction transaction, string id, DateTimeOffset nextAt, string problem, bool mayHaveArrived)
    {
        var values = new { id, nextAt = nextAt.Ms(), problem, mayHaveArrived = mayHaveArrived ? 1 : 0 };
        // A newer row for the same subject may be waiting already: then this one is done with, and its doubt goes along.
        await transaction.Unit().Execute(
            """
            UPDATE outbox SET may_have_arrived = CASE WHEN @mayHaveArrived = 1 THEN 1 ELSE may_have_arrived END, next_at = CASE WHEN @nextAt > next_at THEN @nextAt ELSE next_at END, problem = @problem
            WHERE state = 'Pending' AND id <> @id AND (shows, subject) = (SELECT o.shows, o.subject FROM outbox o WHERE o.id = @id)
            """,
            values);
        await transaction.Unit().Execute(
            """
            UPDATE outbox SET next_at = @nextAt, problem = @problem, may_have_arrived = CASE WHEN @mayHaveArrived = 1 THEN 1 ELSE may_have_arrived END,
              state = CASE WHEN EXISTS (SELECT 1 FROM outbox o WHERE o.shows = outbox.shows AND o.subject = outbox.subject AND o.state = 'Pending' AND o.id <> outbox.id) THEN 'Done' ELSE 'Pending' END
            WHERE id = @id
            """,
            values);
    }

    public async Task<int> ReviveInterrupted(ITransaction transaction, DateTimeOffset now)
    {
        var interrupted = await Many(transaction, "state = 'Sending'", new { });
        foreach (var row in interrupted)
        {
            await Postpone(transaction, row.Id, now, "The bot stopped while it was sending.", mayHaveArrived: true);
        }

        return interrupted.Count;
    }

    public Task WakeParked(ITransaction transaction, DateTimeOffset now) =>
        transaction.Unit().Execute("UPDATE outbox SET next_at = @now WHERE state = 'Pending' AND next_at > @now", new { now = now.Ms() });

    public async Task<OutboxRow?> LatestOf(ITransaction transaction, string subject) =>
        (await Many(transaction, "subject = @subject ORDER BY created_at DESC, id DESC LIMIT 1", new { subject })).SingleOrDefault();

    public async Task<bool> MayHaveArrived(ITransaction transaction, string subject) => await transaction.Unit().One<long>(
        "SELECT COUNT(*) FROM outbox WHERE subject = @subject AND (may_have_arrived = 1 OR state = 'Sending')", new { subject }) > 0;

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
        Many(transaction, "state = 'Undeliverable' OR (state = 'Pending' AND problem IS NOT NULL) ORDER BY created_at DESC LIMIT @most", new { most });

    private static async Task<IReadOnlyList<OutboxRow>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT {Columns} FROM outbox WHERE {where}", values)).Select(r => r.Outbox())];

    private sealed record Row(string Id, string State, long Attempts, long Next_At, long Created_At, long May_Have_Arrived, string? Problem, string Document)
    {
        public OutboxRow Outbox() => new(
            Id, Sql.Read<OutboxItem>(Document), Enum.Parse<OutboxState>(State), (int)Attempts, Next_At.Time(), Created_At.Time(), May_Have_Arrived != 0, Problem);
    }

    private sealed record MessageRow(string Subject, long Revision, string Conversation_Id, string Activity_Id, string? Root_Id, string Content_Hash, long At)
    {
        public ShownMessage Message() => new(Subject, (int)Revision, new MessageRef(Conversation_Id, Activity_Id, Root_Id), Content_Hash, At.Time());
    }

    private sealed record ThreadRow(string Conversation_Id, string Root_Id);
}
