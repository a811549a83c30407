using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;

namespace RunModes.Bot.Chat;

/// <summary>`hooks`: every rule round the tools and what it said last. They come from the settings; nothing said in chat changes one.</summary>
internal sealed class HooksShown(ChatTables tables, Governance governance, IHookAnswers answers) : IShow
{
    private const int Most = 30;

    public bool Shows(Command command) => command is Command.Hooks;

    public async Task<CardText> Show(Said said, CancellationToken cancellation)
    {
        if (governance.All.Count == 0)
        {
            return CardText.Of($"No hooks are configured. Whoever deploys the bot adds them to its settings; nothing said in chat changes one.");
        }

        var last = (await tables.Ledger.Read(answers.Last, cancellation)).GroupBy(a => a.Hook, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.Last(), StringComparer.OrdinalIgnoreCase);
        return CardText.Join("\n",
        [
            .. governance.All.Take(Most).Select(h => Line(h, last.GetValueOrDefault(h.Name))),
            governance.All.Count > Most ? CardText.Of($"- and {governance.All.Count - Most} more") : CardText.Empty,
            CardText.Of($"\nAll that fit are asked; the strictest answer counts, and none can permit anything. They come from the settings only."),
        ]);
    }

    private static CardText Line(Hook hook, HookAnswer? last)
    {
        var when = hook.Event == HookEvent.PostToolUse ? "after" : "before";
        var of = hook.Plan is { } plan ? CardText.Of($" for **{CardText.Outside(plan, 64)}**") : CardText.Empty;
        var how = hook.Check switch
        {
            HookCheck.Rule { Asks: true } => CardText.Of($"a rule that asks"),
            HookCheck.Rule => CardText.Of($"a rule that {(hook.Event == HookEvent.PostToolUse ? "objects" : "denies")}"),
            HookCheck.Command c => CardText.Of($"a program with {(int)c.Timeout.TotalSeconds} s to answer; when it fails, it {(c.FailMode == FailMode.Allow ? "does not object" : "blocks")}"),
            _ => CardText.Empty,
        };
        return CardText.Of($"- **{CardText.Outside(hook.Name, 64)}** {when} {CardText.Outside(hook.Matcher.Text, 200)}{of}: {how}. {CardText.Outside(hook.Reason.TrimEnd('.'), 300)}. {Said(last)}");
    }

    private static CardText Said(HookAnswer? last) => last is null ? CardText.Of($"Not asked yet.") : CardText.Of(
        $"Last at {PlanWords.At(last.At)}, {last.Tool} on {CardText.Outside(last.Target[(last.Target.LastIndexOf('/') + 1)..], 100)}: {Word(last.Opinion)} {(last.Opinion == HookOpinion.None ? CardText.Empty : CardText.Outside(last.Words, 300))}");

    private static CardText Word(HookOpinion opinion) => opinion switch
    {
        HookOpinion.None => CardText.Of($"no objection."),
        HookOpinion.Ask => CardText.Of($"**asked**."),
        _ => CardText.Of($"**objected**."),
    };
}
