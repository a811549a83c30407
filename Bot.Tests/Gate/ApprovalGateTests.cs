using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Gate;

public sealed class ApprovalGateTests
{
    [Fact]
    public async Task Every_combination_of_facts_gets_the_verdict_of_the_first_row_that_applies()
    {
        var counts = AllFacts.Rows.ToDictionary(row => row.Row, _ => 0);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var judged = 0;
        foreach (var facts in AllFacts.Combinations())
        {
            var verdict = ApprovalGate.Judge(facts);
            var row = AllFacts.Rows.First(r => r.Applies(facts));
            if (row.Verdict != verdict.Kind || verdict.Reasons.Count == 0 || verdict.Reasons.Any(string.IsNullOrWhiteSpace))
            {
                Assert.Fail($"{facts}: expected {row.Verdict} by row {row.Row}, was {verdict}.");
            }

            counts[row.Row]++;
            judged++;
            all.AppendData(Encoding.UTF8.GetBytes($"{verdict}\n"));
        }

        Assert.Equal(AllFacts.Facts.Aggregate(1, (product, fact) => product * fact.Values.Count), judged);
        await Golden.MustEqual("Bot.Tests/Gate/Golden/verdicts.txt",
        [
            string.Create(CultureInfo.InvariantCulture, $"{judged} combinations of {AllFacts.Facts.Count} facts"),
            .. AllFacts.Rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{counts[row.Row],7} {row.Verdict,-8} {row.Row}")),
            $"sha256 of all verdicts and reasons: {Convert.ToHexStringLower(all.GetHashAndReset())}",
            "",
            "One fact away from an operation that proceeds:",
            .. AllFacts.Facts.SelectMany(fact => fact.Values.Select(value => $"{fact.Fact} {value.Value} -> {ApprovalGate.Judge(value.Set(AllFacts.Good))}")),
        ]);
    }

    [Fact]
    public void The_good_facts_proceed_so_that_every_deviation_is_seen()
    {
        Assert.Equal(new Verdict(VerdictKind.Proceed, []).Kind, ApprovalGate.Judge(AllFacts.Good).Kind);
        Assert.Equal(["The run mode is Autonomous (plan staging-web)."], ApprovalGate.Judge(AllFacts.Good).Reasons);
    }

    [Fact, FailureMode(14), FailureMode(31)]
    public void A_fact_nobody_established_never_proceeds()
    {
        GateFacts[] unknown =
        [
            AllFacts.Good with { Effect = default },
            AllFacts.Good with { Hook = default },
            AllFacts.Good with { Stop = default },
            AllFacts.Good with { Lock = default },
            AllFacts.Good with { Permission = default },
            AllFacts.Good with { Mode = new(default, default) },
            AllFacts.Good with { Provenance = default },
            AllFacts.Good with { Contest = default },
            AllFacts.Good with { Starter = default },
            AllFacts.Good with { Budget = default },
            AllFacts.Good with { Symptom = default },
        ];

        Assert.All(unknown, facts => Assert.NotEqual(VerdictKind.Proceed, ApprovalGate.Judge(facts).Kind));
        // Guardrails and lateness are the two facts without a state of their own.
        Assert.Equal(AllFacts.Facts.Count - 2, unknown.Length);
    }

    [Fact]
    public void A_state_this_build_does_not_know_never_proceeds_either()
    {
        GateFacts[] unknown =
        [
            AllFacts.Good with { Effect = (Effect)99 },
            AllFacts.Good with { Hook = new((HookOpinion)99) },
            AllFacts.Good with { Stop = new((StopState)99) },
            AllFacts.Good with { Lock = new((LockState)99) },
            AllFacts.Good with { Permission = new((PermissionState)99) },
            AllFacts.Good with { Mode = new((RunMode)99, ModeSource.Agent) },
            AllFacts.Good with { Provenance = (Provenance)99 },
            AllFacts.Good with { Contest = new((Contest)99) },
            AllFacts.Good with { Starter = new((Starter)99) },
            AllFacts.Good with { Budget = new((Budget)99) },
            AllFacts.Good with { Symptom = (Symptom)99 },
        ];

        Assert.All(unknown, facts => Assert.NotEqual(VerdictKind.Proceed, ApprovalGate.Judge(facts).Kind));
    }

    [Fact]
    public void A_read_needs_more_than_nothing_known_to_proceed()
    {
        var nothing = new GateFacts
        {
            Guardrails = [], Effect = Effect.ReadOnly, Hook = default, Stop = default, Lock = default, Permission = default, Mode = new(default, default),
            Provenance = default, Contest = default, Starter = default, Budget = default, StartedLate = false, Symptom = default,
        };

        Assert.Equal(VerdictKind.Refuse, ApprovalGate.Judge(nothing).Kind);
        Assert.Equal(VerdictKind.Proceed, ApprovalGate.Judge(nothing with { Hook = new(HookOpinion.None) }).Kind);
        Assert.Equal(VerdictKind.Blocked, ApprovalGate.Judge(nothing with { Hook = new(HookOpinion.Ask) }).Kind);
    }

    [Fact]
    public void Everything_that_asks_is_named_at_once_and_the_words_of_the_fact_are_the_ones_shown()
    {
        var verdict = ApprovalGate.Judge(AllFacts.Good with
        {
            Mode = new(RunMode.Review, ModeSource.Agent),
            Hook = new(HookOpinion.Ask, "Hook 'friday' asks."),
            Contest = new(Contest.Contested, "Run 7 works on it."),
            Budget = new(Budget.UsedUp, "Twice this hour."),
            StartedLate = true,
        });

        Assert.Equal(
            ["The run mode is Review (agent default).", "Hook 'friday' asks.", "Run 7 works on it.", "Twice this hour.", "It started more than 15 minutes late."],
            verdict.Reasons);
        Assert.Equal("AskFirst: " + string.Join("; ", verdict.Reasons), verdict.ToString());
    }

    [Fact]
    public void A_lock_and_a_missing_permission_are_named_together_but_the_stop_alone()
    {
        var facts = AllFacts.Good with { Lock = new(LockState.Forbids, "Lock L."), Permission = new(PermissionState.Missing, "Action A.") };

        Assert.Equal(["Lock L.", "Action A."], ApprovalGate.Judge(facts).Reasons);
        Assert.Equal(["Stopped by Ada."], ApprovalGate.Judge(facts with { Stop = new(StopState.Stopped, "Stopped by Ada.") }).Reasons);
    }

    [Fact]
    public void A_verdict_becomes_the_event_of_the_same_meaning_and_an_unknown_one_refuses()
    {
        var events = new[] { VerdictKind.Proceed, VerdictKind.AskFirst, VerdictKind.Blocked, VerdictKind.Refuse, (VerdictKind)99 }
            .Select(kind => new GatedProposal(null!, new(RunMode.Review, ModeSource.Agent), new(kind, ["why"])).AsEvent);

        Assert.Equal([ProposalEvent.GateProceeds, ProposalEvent.GateAsks, ProposalEvent.GateBlocks, ProposalEvent.GateRefuses, ProposalEvent.GateRefuses], events);
    }
}
