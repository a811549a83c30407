using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;

namespace RunModes.Bot.Storage;

internal sealed class FormTable : IForms
{
    public Task Insert(ITransaction transaction, Form form) => transaction.Unit().Execute(
        "INSERT INTO forms (id, version, state, expires_at, document) VALUES (@id, 1, @state, @expires, @document)",
        new { id = form.Id, state = form.State.ToString(), expires = form.ExpiresAt.Ms(), document = Sql.Write(form) });

    public async Task<Form?> Find(ITransaction transaction, string id) => (await Many(transaction, $"id = @id{transaction.Unit().Held}", new { id })).SingleOrDefault();

    public async Task<bool> Update(ITransaction transaction, Form before, Form after) => await transaction.Unit().Execute(
        "UPDATE forms SET version = version + 1, state = @state, document = @document WHERE id = @id AND version = @version AND state = 'Open'",
        new { id = before.Id, version = before.Version, state = after.State.ToString(), document = Sql.Write(after) }) == 1;

    public Task<IReadOnlyList<Form>> Overdue(ITransaction transaction, DateTimeOffset now, int most) =>
        Many(transaction, "state = 'Open' AND expires_at <= @now ORDER BY expires_at LIMIT @most", new { now = now.Ms(), most });

    private static async Task<IReadOnlyList<Form>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT version, state, document FROM forms WHERE {where}", values)).Select(r => r.Form())];

    private sealed record Row(long Version, string State, string Document)
    {
        public Form Form() => Sql.Read<Form>(Document) with { Version = Version, State = Enum.Parse<FormState>(State) };
    }
}
