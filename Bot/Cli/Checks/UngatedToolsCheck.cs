using System.Runtime.CompilerServices;
using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Cli.Checks;

/// <summary>Mail and logs, where the settings open them, and whether what plans and tasks use is open. No mail is sent to find out.</summary>
internal sealed class UngatedToolsCheck(ToolSettings settings, GraphMail mail, LogQuery logs, RunTables tables) : ICheck
{
    public async IAsyncEnumerable<CheckLine> Look([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (settings.Mail.Sender is { } sender)
        {
            var domains = await mail.Domains(cancellation);
            yield return domains.Names is { } names
                ? CheckLine.Good("mail", $"from {sender}, to {string.Join(", ", names)}{(settings.Mail.Recipients.Count > 0 ? " and what is listed" : "")}; whether the mailbox may be sent from shows with the first mail")
                : CheckLine.Trouble("mail", domains.Why.Split("; ")[0], $"{domains.Why.Split("; ")[^1]}.");
        }

        foreach (var workspace in settings.Workspaces)
        {
            var answer = await logs.Ask(workspace.Id, "print ok = 1", ToolStep.UsualSpan, cancellation);
            yield return answer.Table is not null
                ? CheckLine.Good($"logs of {workspace.Name}", "they answer")
                : CheckLine.Trouble($"logs of {workspace.Name}", answer.Why.TrimEnd('.'), "what that says; see deploy/permissions.md.");
        }

        var (plans, tasks) = await tables.Ledger.Read(async t => (await tables.Plans.All(t), await tables.Tasks.All(t)), cancellation);
        foreach (var (owner, line) in plans.SelectMany(p => p.Tools.Select(l => ($"plan {p.Name}", l))).Concat(tasks.SelectMany(k => k.Steps.Select(l => ($"task {k.Name}", l)))))
        {
            if (ToolStep.TryRead(line, out var step, out _) && Closed(step) is { } closed)
            {
                yield return CheckLine.Trouble(owner, closed.Says, closed.Fix);
            }
        }
    }

    private (string Says, string Fix)? Closed(ToolStep step) => step switch
    {
        ToolStep.HttpGet get when !settings.Allows(get.Url) => ($"it asks {get.Url.IdnHost}, which is not open", "list the host under Tools:HttpGet:Hosts, or take the line out."),
        ToolStep.QueryLogs query when settings.Workspace(query.Workspace) is null => ($"it queries {query.Workspace}, which is no workspace of the settings", "add it under Tools:QueryLogs:Workspaces, or take the line out."),
        ToolStep.SendMail when settings.Mail.Sender is null => ("it sends mail, and no mailbox is named", "name one under Tools:SendMail:Sender, or take the line out."),
        _ => null,
    };
}
