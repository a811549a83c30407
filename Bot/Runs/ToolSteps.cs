using RunModes.Bot.Cards;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// Steps of tasks that use a tool no mode gates: they proceed in Review, without a button. Hooks are asked before and after, the emergency stop holds them
/// back, one step is one call, and what is posted goes out with the write that ends the run.
/// </summary>
internal sealed class ToolSteps(RunTables tables, Governance governance, HttpGetTool http, ToolSteps.Setting set, TimeProvider clock)
{
    private const int LongestText = 2000;

    internal sealed record Setting(ToolSettings Tools, AgentSettings Agent);

    /// <summary>Steps of tools here, all others as before.</summary>
    public TaskWork Around(TaskWork others) => new(others.Does, (passage, cancellation) =>
        passage.Steps is [var text, ..] && ToolStep.TryRead(text, out var step, out _) && IsStanding(passage) ? Use(step, passage, cancellation) : others.Look(passage, cancellation));

    /// <summary>An edit of the steps ends what was begun by the old ones; that is told where it is told of all steps.</summary>
    private static bool IsStanding(TaskPassage passage) => passage.Task.Steps.TakeLast(passage.Steps.Count).SequenceEqual(passage.Steps, StringComparer.Ordinal);

    private async Task<Investigated> Use(ToolStep step, TaskPassage passage, CancellationToken cancellation)
    {
        var named = $"step {passage.Task.Steps.Count - passage.Steps.Count + 1} of {passage.Task.Steps.Count} of task {passage.Task.Name}";
        if ((await tables.Ledger.Read(tables.Plans.ReadControl, cancellation)).Stopped)
        {
            return Ended(Conclusion.CouldNotTell, passage, $"{named} was not done: the emergency stop is on");
        }

        var call = CallOf(step, passage);
        var before = await governance.Ask(call, cancellation);
        if (before.Opinion != HookOpinion.None)
        {
            return Ended(Conclusion.CouldNotTell, passage, $"{named} was not done. {before.Words}");
        }

        var done = step switch
        {
            ToolStep.HttpGet get => await Get(get, passage, named, cancellation),
            ToolStep.PostToTeams post => await Post(post, passage, named, cancellation),
            _ => Ended(Conclusion.CouldNotTell, passage, $"{named} is none that this version does"),
        };
        if (done.Finding.Conclusion != Conclusion.Informed)
        {
            return done;
        }

        // Afterwards of what was read; of what is about to be posted, before it leaves.
        var after = await governance.Ask(call with { Event = HookEvent.PostToolUse, Result = new(true, string.Join("\n", done.Finding.Evidence.Select(e => e.Text))) }, cancellation);
        return after.Opinion == HookOpinion.None ? done : Ended(Conclusion.CouldNotTell, passage, $"{named} was done, and what it gave is not used. {after.Words}");
    }

    private async Task<Investigated> Get(ToolStep.HttpGet get, TaskPassage passage, string named, CancellationToken cancellation)
    {
        if (!set.Tools.Allows(get.Url))
        {
            return Ended(Conclusion.CouldNotTell, passage, $"{named} was not done: {get.Url.IdnHost} is not among Tools:HttpGet:Hosts of the settings");
        }

        var got = await http.Get(get.Url, cancellation);
        return got.Answered
            ? Ended(Conclusion.Informed, passage, $"{named} asked {get.Url.IdnHost}, which answered {got.Status}", new Evidence("Answer", got.Text.Trim()))
            : Ended(Conclusion.CouldNotTell, passage, $"{named} asked {get.Url.IdnHost} in vain. {got.Text.TrimEnd('.')}");
    }

    private async Task<Investigated> Post(ToolStep.PostToTeams post, TaskPassage passage, string named, CancellationToken cancellation) =>
        await tables.Ledger.Read(t => tables.Conversations.Find(t, post.Conversation), cancellation) is null
            ? Ended(Conclusion.CouldNotTell, passage, $"{named} was not done: the bot is not installed in {post.Conversation}, or that is no conversation")
            : Ended(Conclusion.Informed, passage, $"{named} posted to another channel", new Evidence("Said", post.Text)) with { Post = new(post.Conversation, ReportText.Say(set.Agent.Sandbox, CardText.Outside(post.Text, LongestText))) };

    private static ToolCall CallOf(ToolStep step, TaskPassage passage)
    {
        var call = new ToolCall { Event = HookEvent.PreToolUse, Tool = "", Subject = passage.Incident.Subject, Plan = passage.Task.Name, Effect = Effect.Unknown, Lines = [step.Words] };
        return step switch
        {
            ToolStep.HttpGet get => call with { Tool = Tools.HttpGet, Effect = Effect.ReadOnly, Action = "get", Target = get.Url.AbsoluteUri, Host = get.Url.IdnHost },
            ToolStep.PostToTeams post => call with { Tool = Tools.PostToTeams, Effect = Effect.Mutating, Action = "post", Target = post.Conversation },
            _ => throw new ArgumentException($"{step.GetType().Name} is no tool that hooks know.", nameof(step)),
        };
    }

    private Investigated Ended(Conclusion conclusion, TaskPassage passage, string words, params Evidence[] evidence) =>
        new(new Finding(conclusion, passage.Task.Name, words, $"that {words}", evidence, Symptom: null, clock.GetUtcNow()), Remedy: null);
}
