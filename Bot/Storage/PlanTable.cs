using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Storage;

internal sealed class PlanTable : IPlans
{
    public async Task<IReadOnlyList<ResponsePlan>> All(ITransaction transaction) =>
        [.. (await transaction.Unit().Many<Row>("SELECT version, document FROM plans WHERE deleted = 0 ORDER BY plan_key")).Select(r => r.Plan())];

    public Task<ResponsePlan?> Find(ITransaction transaction, string key) => Find(transaction, key, "");

    public Task<ResponsePlan?> Share(ITransaction transaction, string key) => Find(transaction, key, transaction.Unit().Shared);

    public Task<ResponsePlan?> Hold(ITransaction transaction, string key) => Find(transaction, key, transaction.Unit().Held);

    /// <summary>A deleted plan keeps its row: its name cannot come back through settings.</summary>
    public async Task<bool> Insert(ITransaction transaction, ResponsePlan plan) => await transaction.Unit().Execute(
        """
        INSERT INTO plans (plan_key, version, mode, enabled, deleted, document)
        SELECT @key, @version, @mode, @enabled, 0, @document WHERE NOT EXISTS (SELECT 1 FROM tasks WHERE task_key = @key AND deleted = 0)
        ON CONFLICT (plan_key) DO NOTHING
        """,
        Values(plan, 1)) == 1;

    public async Task<bool> Create(ITransaction transaction, ResponsePlan plan) => await Insert(transaction, plan) || await transaction.Unit().Execute(
        """
        UPDATE plans SET version = version + 1, mode = @mode, enabled = @enabled, deleted = 0, document = @document
        WHERE plan_key = @key AND deleted = 1 AND NOT EXISTS (SELECT 1 FROM tasks WHERE task_key = @key AND deleted = 0)
        """,
        Values(plan, 1)) == 1;

    public async Task<bool> Delete(ITransaction transaction, ResponsePlan plan, long version) => await transaction.Unit().Execute(
        "UPDATE plans SET version = version + 1, enabled = 0, deleted = 1 WHERE plan_key = @key AND version = @version AND deleted = 0",
        new { key = plan.Key, version }) == 1;

    public async Task<ResponsePlan?> Update(ITransaction transaction, ResponsePlan plan, long version) => await transaction.Unit().Execute(
        "UPDATE plans SET version = version + 1, mode = @mode, enabled = @enabled, document = @document WHERE plan_key = @key AND version = @version AND deleted = 0",
        Values(plan, version)) == 1 ? plan with { Version = version + 1 } : null;

    public Task<Control> ReadControl(ITransaction transaction) => Control(transaction, "");

    public Task<Control> ShareControl(ITransaction transaction) => Control(transaction, transaction.Unit().Shared);

    public Task<Control> HoldControl(ITransaction transaction) => Control(transaction, transaction.Unit().Held);

    public Task RaiseGeneration(ITransaction transaction) =>
        transaction.Unit().Execute("UPDATE control SET version = version + 1, generation = generation + 1 WHERE id = 1");

    public async Task<Control?> WriteControl(ITransaction transaction, Control control, long version) => await transaction.Unit().Execute(
        """
        UPDATE control SET version = version + 1, default_mode = @mode, default_channel = @channel, stopped = @stopped, stopped_by = @by, stopped_at = @at
        WHERE id = 1 AND version = @version
        """,
        new
        {
            mode = control.DefaultMode?.ToString(), channel = control.DefaultChannel, stopped = control.Stopped ? 1 : 0, by = control.StoppedBy, at = control.StoppedAt?.Ms(), version,
        }) == 1 ? control with { Version = version + 1 } : null;

    /// <summary>There and gone again in one transaction. An UPDATE that changes nothing would not do: SQLite does not write what is the same.</summary>
    public async Task Touch(ITransaction transaction)
    {
        var probe = new { thread = $"probe/{Guid.CreateVersion7():N}" };
        await transaction.Unit().Execute("INSERT INTO threads (thread, conversation_id, root_id) VALUES (@thread, '', '')", probe);
        await transaction.Unit().Execute("DELETE FROM threads WHERE thread = @thread", probe);
    }

    private static async Task<ResponsePlan?> Find(ITransaction transaction, string key, string lockedHow) =>
        (await transaction.Unit().One<Row>($"SELECT version, document FROM plans WHERE plan_key = @key AND deleted = 0{lockedHow}", new { key }))?.Plan();

    private static async Task<Control> Control(ITransaction transaction, string lockedHow) =>
        (await transaction.Unit().One<ControlRow>($"SELECT version, generation, default_mode, default_channel, stopped, stopped_by, stopped_at FROM control WHERE id = 1{lockedHow}"))?.Control()
        ?? throw new StoreUnavailableException("The control row is missing: the store is damaged.");

    private static object Values(ResponsePlan plan, long version) => new
    {
        key = plan.Key, version, mode = plan.Mode?.ToString(), enabled = plan.Enabled ? 1 : 0, document = Sql.Write(plan),
    };

    private sealed record Row(long Version, string Document)
    {
        public ResponsePlan Plan() => Sql.Read<ResponsePlan>(Document) with { Version = Version };
    }

    private sealed record ControlRow(long Version, long Generation, string? Default_Mode, string? Default_Channel, long Stopped, string? Stopped_By, long? Stopped_At)
    {
        public Control Control() => new(
            Version, Generation, Default_Mode is null ? null : Enum.Parse<RunMode>(Default_Mode), Default_Channel, Stopped != 0, Stopped_By, Stopped_At?.Time());
    }
}
