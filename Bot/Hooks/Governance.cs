using RunModes.Bot.Audit;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Hooks;

/// <summary>Asks every hook that a call concerns, each of them whatever the others say, and keeps what they answered.</summary>
internal sealed class Governance(HookSettings settings, HookPrograms programs, ILedger ledger, IHookAnswers answers, TimeProvider clock)
{
    public static readonly TimeSpan ObjectionHolds = TimeSpan.FromHours(24);

    private const string NoObjection = "No objection.";

    public IReadOnlyList<Hook> All => settings.Hooks;

    /// <summary>Whether anybody would look at the tags of the target.</summary>
    public bool LooksAtTags(ToolCall call) => settings.Hooks.Any(h => h.Concerns(call) && h.Check is HookCheck.Command or HookCheck.Rule { When.LooksAtTags: true });

    public bool Concern(ToolCall call) => settings.Hooks.Any(h => h.Concerns(call));

    /// <summary>Between the claim and the call a permit grows old: a program has this long, whatever its own time.</summary>
    public static readonly TimeSpan AfterClaim = TimeSpan.FromSeconds(5);

    /// <param name="again">Asked now and then while something waits: only another answer than the last one is news to the audit.</param>
    /// <param name="claimed">What it is about is claimed and about to be sent.</param>
    public async Task<HookRuling> Ask(ToolCall call, CancellationToken cancellation, bool again = false, bool claimed = false)
    {
        var asked = settings.Hooks.Where(h => h.Concerns(call)).ToList();
        if (asked.Count == 0)
        {
            return HookRuling.Of([]);
        }

        var given = await Task.WhenAll(asked.Select(h => Answer(h, call, claimed ? AfterClaim : TimeSpan.MaxValue, cancellation)));
        if (!ledger.IsReadOnly)
        {
            await ledger.Write(DurableStep.HooksAnswered, t => Keep(t, given, again), cancellation);
        }

        return HookRuling.Of(given);
    }

    /// <summary>What was held against something done to the target within a day; null: nothing.</summary>
    public async Task<string?> Objection(ITransaction transaction, string targetKey) => settings.Hooks.All(h => h.Event != HookEvent.PostToolUse) ? null
        : (await answers.Objections(transaction, targetKey, clock.GetUtcNow() - ObjectionHolds)).FirstOrDefault() is { } objection
            ? $"{objection.Words} That was said of what was done to it at {objection.At:u}."
            : null;

    private async Task<HookAnswer> Answer(Hook hook, ToolCall call, TimeSpan most, CancellationToken cancellation)
    {
        var began = clock.GetTimestamp();
        var now = clock.GetUtcNow();
        var (opinion, words) = hook.Check switch
        {
            HookCheck.Rule rule => OfRule(hook, rule, call, now),
            HookCheck.Command command => OfProgram(hook, await programs.Ask(hook, command, call, most, cancellation)),
            _ => (HookOpinion.Block, $"Hook '{hook.Name}' is of a kind that this version does not know."),
        };
        if (opinion == HookOpinion.Ask && !call.MayAsk)
        {
            (opinion, words) = (HookOpinion.Block, $"{words} Nobody can be asked here, so it is not done.");
        }

        return new(hook.Name, hook.Event, call.Tool, call.Subject, call.Target, call.TargetKey, opinion, words, now, clock.GetElapsedTime(began));
    }

    private static (HookOpinion, string) OfRule(Hook hook, HookCheck.Rule rule, ToolCall call, DateTimeOffset now) => rule.When.Holds(call, now) is { } found
        ? (rule.Asks ? HookOpinion.Ask : HookOpinion.Block, Objects(hook, rule.Asks ? HookOpinion.Ask : HookOpinion.Block, hook.Reason, found))
        : (HookOpinion.None, NoObjection);

    private static (HookOpinion, string) OfProgram(Hook hook, (HookOpinion Opinion, string Why) said) =>
        (said.Opinion, said.Opinion != HookOpinion.None ? Objects(hook, said.Opinion, said.Why, "") : said.Why.Length > 0 ? said.Why : NoObjection);

    /// <summary>"Hook 'freeze' denies it: change freeze. 'year end' is closed until …"</summary>
    private static string Objects(Hook hook, HookOpinion opinion, string reason, string found) =>
        $"Hook '{hook.Name}' {(opinion == HookOpinion.Ask ? "asks for approval" : hook.Event == HookEvent.PostToolUse ? "objects" : "denies it")}: {reason.TrimEnd('.')}. {found}".TrimEnd();

    private async Task Keep(ITransaction transaction, IReadOnlyList<HookAnswer> given, bool again)
    {
        foreach (var answer in given)
        {
            var before = await answers.Put(transaction, answer);
            if (again && before?.Opinion == answer.Opinion)
            {
                continue;
            }

            await transaction.Append(AuditEntry.OfBot(answer.At, AuditKind.HookAnswered, answer.Subject, before?.Opinion.ToString(), answer.Opinion.ToString(),
                FormattableString.Invariant($"{answer.Event} {answer.Tool} on {answer.Target}: {answer.Words} ({answer.Took.TotalMilliseconds:0} ms, hook {answer.Hook})")));
        }
    }
}
