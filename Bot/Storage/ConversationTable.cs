using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Storage;

internal sealed class ConversationTable : IConversations
{
    public async Task<bool> Installed(ITransaction transaction, Conversation conversation, DateTimeOffset now)
    {
        await Seen(transaction, conversation, now);
        // Install events repeat (each page load of a client, each upgrade): the flag makes the welcome happen once per installation.
        return await transaction.Unit().Execute(
            "UPDATE conversations SET installed_at = COALESCE(installed_at, @now), removed_at = NULL, welcomed = 1 WHERE id = @id AND (welcomed = 0 OR removed_at IS NOT NULL)",
            new { id = conversation.Id, now = now.Ms() }) == 1;
    }

    public Task Seen(ITransaction transaction, Conversation conversation, DateTimeOffset now) => transaction.Unit().Execute(
        """
        INSERT INTO conversations (id, kind, installed_at, welcomed, is_team, document) VALUES (@id, @kind, @now, 0, @team, @document)
        ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, is_team = excluded.is_team, document = excluded.document
        """,
        new
        {
            id = conversation.Id, kind = conversation.Kind.ToString(), now = now.Ms(), document = Sql.Write(conversation),
            // General has the team's own id.
            team = conversation.Kind == ConversationKind.Channel && conversation.Id == conversation.TeamId ? 1 : 0,
        });

    public Task Removed(ITransaction transaction, string conversationId, DateTimeOffset now) =>
        transaction.Unit().Execute("UPDATE conversations SET removed_at = @now WHERE id = @id AND removed_at IS NULL", new { id = conversationId, now = now.Ms() });

    public Task<Conversation?> Find(ITransaction transaction, string conversationId) =>
        One(transaction, "SELECT document FROM conversations WHERE id = @id AND removed_at IS NULL", new { id = conversationId });

    public Task<Conversation?> FirstTeam(ITransaction transaction) =>
        One(transaction, "SELECT document FROM conversations WHERE is_team = 1 AND removed_at IS NULL ORDER BY installed_at, id LIMIT 1", null);

    public async Task<IReadOnlyList<Conversation>> Shared(ITransaction transaction) => [.. (await transaction.Unit().Many<string>(
        "SELECT document FROM conversations WHERE kind IN ('Channel', 'GroupChat') AND removed_at IS NULL ORDER BY is_team DESC, installed_at, id")).Select(Sql.Read<Conversation>)];

    public Task<Conversation?> PersonalOf(ITransaction transaction, string objectId) => One(
        transaction,
        "SELECT c.document FROM people p JOIN conversations c ON c.id = p.conversation_id WHERE p.object_id = @objectId AND c.removed_at IS NULL",
        new { objectId });

    public Task RememberPerson(ITransaction transaction, string objectId, string conversationId) => transaction.Unit().Execute(
        "INSERT INTO people (object_id, conversation_id) VALUES (@objectId, @conversationId) ON CONFLICT (object_id) DO UPDATE SET conversation_id = excluded.conversation_id",
        new { objectId, conversationId });

    private static async Task<Conversation?> One(ITransaction transaction, string sql, object? values) =>
        await transaction.Unit().One<string>(sql, values) is { } document ? Sql.Read<Conversation>(document) : null;
}
