using RunModes.Bot.Audit;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>What a tool says in another channel goes out with the write that ends its run, or that proposes: once, however often it was begun.</summary>
internal static class ToolPosts
{
    /// <summary>A stop that was answered before this commits holds them back.</summary>
    public static async Task<Investigated> Held(RunTables tables, ITransaction transaction, Investigated investigated)
    {
        if (investigated.Posts.Count == 0 || !(await tables.Plans.ShareControl(transaction)).Stopped)
        {
            return investigated;
        }

        const string Words = "nothing was posted: the emergency stop is on";
        var finding = investigated.Finding;
        return investigated with
        {
            Posts = [],
            Finding = finding.Conclusion == Conclusion.Informed
                ? finding with { Conclusion = Conclusion.CouldNotTell, Present = Words, Past = $"that {Words}" }
                : finding with { Evidence = [.. finding.Evidence, new("Not posted", Words)] },
        };
    }

    public static async Task Say(RunTables tables, ITransaction transaction, Run run, IReadOnlyList<ToolPost> posts, DateTimeOffset now)
    {
        for (var i = 0; i < posts.Count; i++)
        {
            await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"notice/tool-{run.Id}-{i}", Urgency.Reply, ConversationId: posts[i].Conversation, Payload: new(posts[i].Text)), now);
        }
    }
}
