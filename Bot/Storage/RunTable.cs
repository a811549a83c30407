using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal sealed class RunTable : IRuns
{
    public Task Insert(ITransaction transaction, Run run) => transaction.Unit().Execute(
        "INSERT INTO runs (id, version, incident_id, state, due_at, created_at, document) VALUES (@id, @version, @incident, @state, @due, @created, @document)",
        Values(run, run.Version));

    public async Task<Run?> Find(ITransaction transaction, RunId id) =>
        (await transaction.Unit().One<Row>("SELECT version, document FROM runs WHERE id = @id", new { id = id.Value }))?.Run();

    public async Task<bool> Move(ITransaction transaction, Run before, Run after) => await transaction.Unit().Execute(
        "UPDATE runs SET version = version + 1, state = @state, due_at = @due, document = @document WHERE id = @id AND version = @version AND state = @from",
        Values(after, before.Version, before.State)) == 1;

    public Task<IReadOnlyList<Run>> InState(ITransaction transaction, RunState state, DateTimeOffset dueBy, int most) =>
        Many(transaction, "state = @state AND due_at <= @due ORDER BY due_at LIMIT @most", new { state = state.ToString(), due = dueBy.Ms(), most });

    public Task<IReadOnlyList<Run>> OfIncident(ITransaction transaction, IncidentId incident) =>
        Many(transaction, "incident_id = @incident ORDER BY created_at", new { incident = incident.Value });

    private static async Task<IReadOnlyList<Run>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT version, document FROM runs WHERE {where}", values)).Select(r => r.Run())];

    private static object Values(Run run, long version, RunState? from = null) => new
    {
        id = run.Id.Value, version, incident = run.Incident.Value, state = run.State.ToString(), from = from?.ToString(), due = run.DueAt.Ms(), created = run.CreatedAt.Ms(), document = Sql.Write(run),
    };

    private sealed record Row(long Version, string Document)
    {
        public Run Run() => Sql.Read<Run>(Document) with { Version = Version };
    }
}
