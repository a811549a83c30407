using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Answers where somebody wrote: through the outbox, in the transaction of what they changed.</summary>
internal sealed class Replies(ChatTables tables, ChatSettings settings, TimeProvider clock)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    public Task Say(ITransaction transaction, Conversation where, string? rootId, CardText text) => Say(transaction, where.Id, rootId, ReportText.Say(settings.Agent.Sandbox, text), Urgency.Reply);

    /// <param name="markdown">Made by <see cref="ReportText"/>: neutralised, with the mark of the sandbox.</param>
    public Task Say(ITransaction transaction, string conversationId, string? rootId, string markdown, Urgency urgency) => tables.Outbox.Enqueue(
        transaction,
        new OutboxItem(Shown.Notice, $"notice/{Guid.CreateVersion7(clock.GetUtcNow()):N}", urgency, ConversationId: conversationId, RootId: rootId, Payload: new(markdown)),
        clock.GetUtcNow());

    /// <summary>
    /// Whoever writes or clicks can be answered: the service URL is refreshed, a conversation given up for removed is open again, and a personal
    /// chat is remembered as theirs.
    /// </summary>
    public async Task Hear(ITransaction transaction, Conversation conversation, Actor actor)
    {
        var now = clock.GetUtcNow();
        if (await tables.Conversations.Find(transaction, conversation.Id) != conversation)
        {
            await tables.Conversations.Seen(transaction, conversation, now);
            if (await tables.Conversations.Find(transaction, conversation.Id) is null)
            {
                await tables.Conversations.Installed(transaction, conversation, now);
                await tables.Outbox.WakeAll(transaction, now);
            }
        }

        if (conversation.Kind == ConversationKind.Personal && actor.ObjectId is { } person)
        {
            await tables.Conversations.RememberPerson(transaction, person, conversation.Id);
        }
    }

    /// <summary>Hearing them would change nothing.</summary>
    public async Task<bool> Knows(ITransaction transaction, Conversation conversation, Actor actor) =>
        await tables.Conversations.Find(transaction, conversation.Id) == conversation
        && (conversation.Kind != ConversationKind.Personal || actor.ObjectId is not { } person || (await tables.Conversations.PersonalOf(transaction, person))?.Id == conversation.Id);
}
