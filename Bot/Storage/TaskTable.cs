using RunModes.Bot.Audit;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Storage;

internal sealed class TaskTable(Unreadable unreadable) : ITasks
{
    private const string Columns = "task_key, version, due_at, document";

    public async Task<IReadOnlyList<ScheduledTask>> All(ITransaction transaction) =>
        Read(await transaction.Unit().Many<Row>($"SELECT {Columns} FROM tasks WHERE deleted = 0 ORDER BY task_key"));

    public Task<ScheduledTask?> Find(ITransaction transaction, string key) => Find(transaction, key, "");

    public Task<ScheduledTask?> Share(ITransaction transaction, string key) => Find(transaction, key, transaction.Unit().Shared);

    public Task<ScheduledTask?> Hold(ITransaction transaction, string key) => Find(transaction, key, transaction.Unit().Held);

    public async Task<bool> Insert(ITransaction transaction, ScheduledTask task) => await transaction.Unit().Execute(
        """
        INSERT INTO tasks (task_key, version, deleted, due_at, mode, enabled, document)
        SELECT @key, 1, 0, @due, @mode, @enabled, @document WHERE NOT EXISTS (SELECT 1 FROM plans WHERE plan_key = @key AND deleted = 0)
        ON CONFLICT (task_key) DO NOTHING
        """,
        new { key = task.Key, due = task.DueAt?.Ms(), mode = task.Mode?.ToString(), enabled = task.Enabled ? 1 : 0, document = Sql.Write(task) }) == 1;

    public async Task<bool> Create(ITransaction transaction, ScheduledTask task) => await Insert(transaction, task) || await transaction.Unit().Execute(
        """
        UPDATE tasks SET version = version + 1, deleted = 0, due_at = @due, mode = @mode, enabled = @enabled, document = @document
        WHERE task_key = @key AND deleted = 1 AND NOT EXISTS (SELECT 1 FROM plans WHERE plan_key = @key AND deleted = 0)
        """,
        new { key = task.Key, due = task.DueAt?.Ms(), mode = task.Mode?.ToString(), enabled = task.Enabled ? 1 : 0, document = Sql.Write(task) }) == 1;

    public async Task<bool> Delete(ITransaction transaction, ScheduledTask task) => await transaction.Unit().Execute(
        "UPDATE tasks SET version = version + 1, enabled = 0, deleted = 1, due_at = NULL WHERE task_key = @key AND version = @version AND deleted = 0",
        new { key = task.Key, version = task.Version }) == 1;

    public async Task<bool> Move(ITransaction transaction, ScheduledTask before, ScheduledTask after) => await transaction.Unit().Execute(
        """
        UPDATE tasks SET version = version + 1, due_at = @next, mode = @mode, enabled = @enabled, document = @document
        WHERE task_key = @key AND version = @version AND COALESCE(due_at, -1) = @due AND deleted = 0
        """,
        new
        {
            key = before.Key, version = before.Version, due = before.DueAt?.Ms() ?? -1, next = after.DueAt?.Ms(), mode = after.Mode?.ToString(), enabled = after.Enabled ? 1 : 0, document = Sql.Write(after),
        }) == 1;

    public async Task<IReadOnlyList<ScheduledTask>> Due(ITransaction transaction, DateTimeOffset now, int most) =>
        Read(await transaction.Unit().Many<Row>($"SELECT {Columns} FROM tasks WHERE deleted = 0 AND due_at <= @now ORDER BY due_at LIMIT @most", new { now = now.Ms(), most }));

    private static async Task<ScheduledTask?> Find(ITransaction transaction, string key, string lockedHow) =>
        (await transaction.Unit().One<Row>($"SELECT {Columns} FROM tasks WHERE task_key = @key AND deleted = 0{lockedHow}", new { key }))?.Task();

    private IReadOnlyList<ScheduledTask> Read(IReadOnlyList<Row> rows) => unreadable.Readable(rows, r => $"task/{r.Task_Key}", r => r.Task());

    private sealed record Row(string Task_Key, long Version, long? Due_At, string Document)
    {
        public ScheduledTask Task() => Sql.Read<ScheduledTask>(Document) with { Version = Version, DueAt = Due_At?.Time() };
    }
}
