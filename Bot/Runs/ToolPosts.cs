using RunModes.Bot.Audit;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>What a step says in another channel goes out with the write that ends its run: once, however often it was begun.</summary>
internal static class ToolPosts
{
    /// <param name="end">Ends the run; false when somebody else had.</param>
    public static async Task End(RunTables tables, ITransaction transaction, Run run, Investigated investigated, DateTimeOffset now, Func<Investigated, Task<bool>> end)
    {
        if (investigated.Post is not { } post)
        {
            await end(investigated);
            return;
        }

        // A stop that was answered before this commits holds it back.
        if ((await tables.Plans.ShareControl(transaction)).Stopped)
        {
            const string Words = "nothing was posted: the emergency stop is on";
            await end(investigated with { Finding = investigated.Finding with { Conclusion = Conclusion.CouldNotTell, Present = Words, Past = $"that {Words}" } });
            return;
        }

        if (await end(investigated))
        {
            await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"notice/tool-{run.Id}", Urgency.Reply, ConversationId: post.Conversation, Payload: new(post.Text)), now);
        }
    }
}
