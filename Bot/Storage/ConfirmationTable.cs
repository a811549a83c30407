using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;

namespace RunModes.Bot.Storage;

internal sealed class ConfirmationTable : IConfirmations
{
    public Task Insert(ITransaction transaction, Confirmation confirmation) => transaction.Unit().Execute(
        "INSERT INTO confirmations (id, version, state, expires_at, document) VALUES (@id, 1, @state, @expires, @document)",
        new { id = confirmation.Id, state = confirmation.State.ToString(), expires = confirmation.ExpiresAt.Ms(), document = Sql.Write(confirmation) });

    public async Task<Confirmation?> Find(ITransaction transaction, string id) => (await Many(transaction, $"id = @id{transaction.Unit().Held}", new { id })).SingleOrDefault();

    public async Task<bool> End(ITransaction transaction, Confirmation before, ConfirmationState state, DateTimeOffset at) => await transaction.Unit().Execute(
        "UPDATE confirmations SET version = version + 1, state = @state, document = @document WHERE id = @id AND version = @version AND state = 'Pending'",
        new { id = before.Id, version = before.Version, state = state.ToString(), document = Sql.Write(before with { State = state, EndedAt = at }) }) == 1;

    public Task<IReadOnlyList<Confirmation>> Overdue(ITransaction transaction, DateTimeOffset now, int most) =>
        Many(transaction, "state = 'Pending' AND expires_at <= @now ORDER BY expires_at LIMIT @most", new { now = now.Ms(), most });

    private static async Task<IReadOnlyList<Confirmation>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT version, state, document FROM confirmations WHERE {where}", values)).Select(r => r.Confirmation())];

    private sealed record Row(long Version, string State, string Document)
    {
        public Confirmation Confirmation() => Sql.Read<Confirmation>(Document) with { Version = Version, State = Enum.Parse<ConfirmationState>(State) };
    }
}
