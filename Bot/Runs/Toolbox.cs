using RunModes.Bot.Cards;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>One use of a tool that no mode gates. Every word that chooses where it goes is an Administrator's.</summary>
/// <param name="Owner">The plan or the task whose it is.</param>
/// <param name="Subject">Whose call it is for hooks and audit.</param>
/// <param name="Number">Among the steps or tools of its owner, from 1.</param>
/// <param name="Named">"step 1 of 2 of task nightly".</param>
internal sealed record ToolUse(ToolStep Step, string Owner, string Subject, int Number, string Named)
{
    /// <summary>What the bot found itself, added below the stored words of a message.</summary>
    public string Found { get; init; } = "";
}

/// <param name="Words">What was done, or why it was not: completes "I found that …".</param>
internal sealed record ToolUsed(bool Done, string Words)
{
    public Evidence? Gave { get; init; }
    public LogReport? Logs { get; init; }
    public ToolPost? Post { get; init; }
}

/// <summary>
/// The tools that no mode gates: they proceed in Review, without a button. Hooks are asked before and after, the emergency stop holds them back, and one use
/// is one call.
/// </summary>
internal sealed class Toolbox(RunTables tables, Governance governance, Toolbox.Reach reach, ToolSettings settings, AgentSettings agent)
{
    private const int LongestPost = 3000;
    private const int RowsShown = 5;

    internal sealed record Reach(HttpGetTool Http, LogQuery Logs, Mailing Mail);

    public async Task<ToolUsed> Use(ToolUse use, CancellationToken cancellation)
    {
        if ((await tables.Ledger.Read(tables.Plans.ReadControl, cancellation)).Stopped)
        {
            return new(false, $"{use.Named} was not done: the emergency stop is on");
        }

        var call = CallOf(use);
        var before = await governance.Ask(call, cancellation);
        if (before.Opinion != HookOpinion.None)
        {
            return new(false, $"{use.Named} was not done. {before.Words}");
        }

        var used = await (use.Step switch
        {
            ToolStep.HttpGet get => Get(get, use, cancellation),
            ToolStep.PostToTeams post => Post(post, use, cancellation),
            ToolStep.SendMail mail => Send(mail, use, cancellation),
            ToolStep.QueryLogs query => Query(query, use, cancellation),
            _ => throw new ArgumentException($"{use.Step.GetType().Name} is no tool that this version uses.", nameof(use)),
        });
        if (!used.Done)
        {
            return used;
        }

        // Afterwards of what was read or sent; of what is about to be posted, before it leaves.
        var after = await governance.Ask(call with { Event = HookEvent.PostToolUse, Result = new(true, used.Gave?.Text ?? used.Words) }, cancellation);
        return after.Opinion == HookOpinion.None ? used
            : new(false, use.Step is ToolStep.SendMail ? $"{used.Words}, and {after.Words}" : $"{use.Named} was done, and what it gave is not used. {after.Words}");
    }

    private async Task<ToolUsed> Get(ToolStep.HttpGet get, ToolUse use, CancellationToken cancellation)
    {
        if (!settings.Allows(get.Url))
        {
            return new(false, $"{use.Named} was not done: {get.Url.IdnHost} is not among Tools:HttpGet:Hosts of the settings");
        }

        var got = await reach.Http.Get(get.Url, cancellation);
        return got.Answered
            ? new(true, $"{use.Named} asked {get.Url.IdnHost}, which answered {got.Status}") { Gave = new($"Answer of {get.Url.IdnHost}", got.Text.Trim()) }
            : new(false, $"{use.Named} asked {get.Url.IdnHost} in vain. {got.Text.TrimEnd('.')}");
    }

    private async Task<ToolUsed> Post(ToolStep.PostToTeams post, ToolUse use, CancellationToken cancellation) =>
        await tables.Ledger.Read(t => tables.Conversations.Find(t, post.Conversation), cancellation) is null
            ? new(false, $"{use.Named} was not done: the bot is not installed in {post.Conversation}, or that is no conversation")
            : new(true, $"{use.Named} posted to another channel")
            {
                Gave = new("Said", post.Text),
                Post = new(post.Conversation, ReportText.Say(agent.Sandbox, CardText.Outside(WithFound(post.Text, use), LongestPost))),
            };

    private async Task<ToolUsed> Send(ToolStep.SendMail mail, ToolUse use, CancellationToken cancellation)
    {
        var answer = await reach.Mail.Send(new($"{use.Subject}/{use.Number}", use.Subject, mail, WithFound(mail.Text, use)), cancellation);
        return new(answer.Fate == MailFate.Sent, $"{use.Named}: a mail to {mail.Recipient} {answer.Words}");
    }

    private async Task<ToolUsed> Query(ToolStep.QueryLogs query, ToolUse use, CancellationToken cancellation)
    {
        if (settings.Workspace(query.Workspace) is not { } workspace)
        {
            return new(false, $"{use.Named} was not done: {query.Workspace} is not among Tools:QueryLogs:Workspaces of the settings");
        }

        var answer = await reach.Logs.Ask(workspace.Id, query.Kql, query.Span, cancellation);
        return answer.Table is { } table
            ? new(true, $"{use.Named} asked the logs of {workspace.Name}, which answered {Rows(table)}")
            {
                Gave = new($"Logs of {workspace.Name}", Shown(table)), Logs = new(use.Named, workspace.Name, query.Span, table),
            }
            : new(false, $"{use.Named} asked the logs of {workspace.Name} in vain. {answer.Why.TrimEnd('.')}");
    }

    private static string Rows(LogTable table) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{table.Total} {(table.Total == 1 ? "row" : "rows")}{(table.Partial is null ? "" : ", a part only")}");

    /// <summary>For a line of a card.</summary>
    private static string Shown(LogTable table) => string.Join("; ",
    [
        .. table.Partial is { } why ? (string[])[$"A part only ({why})"] : [],
        string.Join(" | ", table.Columns),
        .. table.Rows.Take(RowsShown).Select(r => string.Join(" | ", r)),
        .. table.Total > RowsShown ? (string[])[$"and {table.Total - RowsShown} more"] : table.Total == 0 ? ["no rows"] : [],
    ]);

    private static string WithFound(string text, ToolUse use) => use.Found.Length == 0 ? text : $"{text}\n\n{use.Found}";

    private static ToolCall CallOf(ToolUse use)
    {
        var call = new ToolCall { Event = HookEvent.PreToolUse, Tool = "", Subject = use.Subject, Plan = use.Owner, Effect = Effect.Unknown, Lines = [use.Step.Words] };
        return use.Step switch
        {
            ToolStep.HttpGet get => call with { Tool = Hooks.Tools.HttpGet, Effect = Effect.ReadOnly, Action = "get", Target = get.Url.AbsoluteUri, Host = get.Url.IdnHost },
            ToolStep.PostToTeams post => call with { Tool = Hooks.Tools.PostToTeams, Effect = Effect.Mutating, Action = "post", Target = post.Conversation },
            ToolStep.SendMail mail => call with { Tool = Hooks.Tools.SendMail, Effect = Effect.Mutating, Action = "send", Target = mail.Recipient, Recipients = [mail.Recipient] },
            ToolStep.QueryLogs query => call with { Tool = Hooks.Tools.QueryLogs, Effect = Effect.ReadOnly, Action = "query", Target = query.Workspace },
            _ => throw new ArgumentException($"{use.Step.GetType().Name} is no tool that hooks know.", nameof(use)),
        };
    }
}
