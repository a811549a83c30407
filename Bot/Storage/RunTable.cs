using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal sealed class RunTable(Unreadable unreadable) : IRuns
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
        Readable(transaction, "state = @state AND due_at <= @due ORDER BY due_at LIMIT @most", new { state = state.ToString(), due = dueBy.Ms(), most });

    public Task<IReadOnlyList<Run>> ToSettle(ITransaction transaction, int most) => Readable(
        transaction,
        """
        EXISTS (SELECT 1 FROM proposals p WHERE p.run_id = runs.id
          AND NOT EXISTS (SELECT 1 FROM proposals newer WHERE newer.run_id = p.run_id AND newer.created_at > p.created_at)
          AND ((runs.state = 'Acting' AND p.status IN ('Refused', 'Denied', 'Succeeded', 'Failed', 'Indeterminate', 'Expired', 'Superseded', 'Withdrawn'))
            OR (runs.state = 'Verifying' AND p.status = 'Succeeded' AND p.due_at IS NULL)))
        ORDER BY due_at LIMIT @most
        """,
        new { most });

    public Task<IReadOnlyList<Run>> OfIncident(ITransaction transaction, IncidentId incident) =>
        Many(transaction, "incident_id = @incident ORDER BY created_at", new { incident = incident.Value });

    private static async Task<IReadOnlyList<Run>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT version, document FROM runs WHERE {where}", values)).Select(r => r.Run())];

    private async Task<IReadOnlyList<Run>> Readable(ITransaction transaction, string where, object values) => unreadable.Readable(
        await transaction.Unit().Many<FoundRow>($"SELECT id, version, document FROM runs WHERE state <> 'Ended' AND {where}", values), r => $"run/{r.Id}", r => new Row(r.Version, r.Document).Run());

    private static object Values(Run run, long version, RunState? from = null) => new
    {
        id = run.Id.Value, version, incident = run.Incident.Value, state = run.State.ToString(), from = from?.ToString(), due = run.DueAt.Ms(), created = run.CreatedAt.Ms(), document = Sql.Write(run),
    };

    private sealed record FoundRow(string Id, long Version, string Document);

    private sealed record Row(long Version, string Document)
    {
        public Run Run() => Sql.Read<Run>(Document) with { Version = Version };
    }
}
