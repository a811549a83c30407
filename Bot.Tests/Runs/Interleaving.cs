using System.Globalization;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using Is = RunModes.Bot.Tests.Runs.TargetModel.Is;
using Moment = RunModes.Bot.Tests.Runs.TargetModel.Moment;

namespace RunModes.Bot.Tests.Runs;

internal enum Deed { Fire, Resolve, Symptom, Resize, Approve, Deny, Again, Annotate, Forge, Stop, Start, ToReview, DefaultToReview, Raise, Enable, Role, Pass, Investigate, Execute, Settle, Tidy, Kill }

/// <param name="A">Numbers that choose among what there is when the deed is done, so that a sequence stays one when deeds are left out.</param>
/// <param name="Meanwhile">What somebody else does while a step is under way; a kill leaves the step for dead.</param>
internal sealed record Act(Deed Deed, int A, int B, int C, Act? Meanwhile = null);

/// <summary>One sequence of deeds, done to the product and to the model, and what each says afterwards.</summary>
internal sealed class Interleaving(TargetWorld world)
{
    private static readonly string[] Clickers = ["Ada", "Ben", "Ada", "Ben", "Sam", "Rob"];

    /// <summary>A card that waits while the facts change.</summary>
    private static readonly Deed[] Waiting =
    [
        .. Enumerable.Repeat(Deed.Pass, 6), .. Enumerable.Repeat(Deed.Resize, 8), .. Enumerable.Repeat(Deed.Symptom, 6), .. Enumerable.Repeat(Deed.Tidy, 16), .. Enumerable.Repeat(Deed.Approve, 4),
        .. Enumerable.Repeat(Deed.Execute, 4), .. Enumerable.Repeat(Deed.Resolve, 4),
    ];
    private static readonly int[] Jumps = [30, 90, 400, 1000, 3700, 11_000];
    private readonly TargetSteps _steps = new(world);
    private TargetModel _model = new();
    private IReadOnlyList<GatedProposal> _rows = [];

    /// <summary>What happened, in words.</summary>
    public List<string> Story { get; } = [];

    public static (IReadOnlyList<Act> Acts, bool?[] Modes, bool? ByDefault) Draw(int seed)
    {
        var random = new Random(seed);
        // Often what leads somewhere, seldom what only disturbs.
        Deed[] bag =
        [
            .. Enumerable.Repeat(Deed.Investigate, 6), .. Enumerable.Repeat(Deed.Execute, 9), .. Enumerable.Repeat(Deed.Approve, 5), .. Enumerable.Repeat(Deed.Fire, 4),
            .. Enumerable.Repeat(Deed.Settle, 3), .. Enumerable.Repeat(Deed.Tidy, 4), .. Enumerable.Repeat(Deed.Pass, 2), .. Enumerable.Repeat(Deed.Start, 2), .. Enum.GetValues<Deed>(),
        ];
        Deed[] others = [Deed.Approve, Deed.Deny, Deed.Annotate, Deed.Stop, Deed.Start, Deed.ToReview, Deed.DefaultToReview, Deed.Enable, Deed.Kill, Deed.Kill, Deed.Fire, Deed.Symptom, Deed.Resize];
        // Half of them begin where two runs have the same place in mind.
        var rule = random.Next(2);
        List<Act> acts = random.Next(2) == 0
            ? [Next(Deed.Fire), Next(Deed.Investigate)]
            : [Next(Deed.Fire) with { A = random.Next(2), B = rule }, Next(Deed.Investigate), Next(Deed.Fire) with { A = random.Next(2), B = 1 - rule }, Next(Deed.Investigate), Next(Deed.Approve) with { C = 1 }, Next(Deed.Approve) with { C = 2 }];
        if (random.Next(4) == 0) bag = [.. Waiting, .. Waiting, .. bag];
        for (var left = random.Next(8, 16) - acts.Count; left > 0; left--)
        {
            var act = Next(bag[random.Next(bag.Length)]);
            acts.Add(act.Deed is Deed.Investigate or Deed.Execute && random.Next(3) == 0 ? act with { Meanwhile = Next(others[random.Next(others.Length)]) } : act);
        }

        return (acts, [Mode(), Mode(), Mode()], random.Next(2) == 0);

        Act Next(Deed deed) => new(deed, random.Next(1000), random.Next(1000), random.Next(1000));
        bool? Mode() => random.Next(4) switch { 0 => null, 1 => false, _ => true };
    }

    /// <returns>Null when product and model agree to the end, else where they do not.</returns>
    public async Task<string?> Run(IReadOnlyList<Act> acts, bool?[] modes, bool? byDefault)
    {
        Story.Clear();
        _model = new();
        _model.Start(modes, byDefault);
        _rows = [];
        await world.Begin(modes, byDefault);
        Story.Add($"plans {string.Join(", ", modes.Select((m, i) => $"{TargetWorld.PlanNames[i]} {TargetWorld.ModeOf(m)?.ToString() ?? "by default"}"))}; default {TargetWorld.ModeOf(byDefault)}");
        foreach (var act in acts)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            _model.Now = Seconds(world.Now);
            if (await Bind(act) is not { } bound) continue;
            Story.Add(bound.Words);
            await bound.Product();
            bound.Model();
            _model.Now = Seconds(world.Now);
            if (_model.Deliver()) await _steps.Deliver();
            if (await Difference() is { } difference) return difference;
        }

        return TargetHistory.Objection(await world.Audit(), await world.Proposals(), [.. world.Wire.Posts], modes, byDefault, _model.Decisions);
    }

    private async Task<Bound?> Bind(Act act)
    {
        var m = _model;
        var target = act.A % TargetModel.Targets;
        switch (act.Deed)
        {
            case Deed.Fire: return new($"rule {act.B % 2} fires on {Name(target)}, Sev{act.C % 4}", () => _steps.Fire(target, act.B % 2, act.C % 4), () => m.Fire(target, act.B % 2, act.C % 4));
            case Deed.Resolve: return new($"rule {act.B % 2} is over on {Name(target)}, says its source", () => _steps.Fire(target, act.B % 2, 1, AlertCondition.Resolved), () => m.Resolve(target, act.B % 2));
            case Deed.Symptom: return Of($"{Name(target)} is {(m.Sick[target] ? "well" : "sick")}", () => world.Wire.Sick[TargetWorld.Paths[target]] = !world.Wire.Sick[TargetWorld.Paths[target]], () => m.Sick[target] = !m.Sick[target]);
            case Deed.Resize: return Of($"{Name(target)} gets another size", () => world.Wire.Sizes[TargetWorld.Paths[target]] ^= 1, () => m.Resize(target));
            case Deed.Role:
                var who = act.A % 2 == 0 ? People.Ada : People.Ben;
                var name = act.A % 2 == 0 ? "Ada" : "Ben";
                return m.Administrators.Contains(name)
                    ? Now($"{name} is no longer an Administrator", () => (_, _) = (m.Administrators.Remove(name), world.Wire.Administrators.TryRemove(who.ObjectId, out _)))
                    : Now($"{name} is an Administrator again", () => (_, _) = (m.Administrators.Add(name), world.Wire.Administrators.TryAdd(who.ObjectId, 0)));
            case Deed.Stop: return new("stop", _steps.Stop, m.Stop);
            case Deed.Start: return m.Stopped ? new("start", _steps.Start, m.Start) : null;
            case Deed.ToReview: return new($"plan {Name(target)} is set to Review", () => _steps.ToReview(target), () => m.ToReview(target));
            case Deed.DefaultToReview: return new("the default is set to Review", _steps.DefaultToReview, m.DefaultToReview);
            case Deed.Raise: return new($"plan {Name(target)} is set to Autonomous", () => _steps.Raise(target), () => m.Raise(target));
            case Deed.Enable:
                var enabled = !m.Plans[target].Enabled;
                return new($"plan {Name(target)} is {(enabled ? "resumed" : "paused")}", () => _steps.Enable(target, enabled), () => m.Enable(target, enabled));
            case Deed.Pass:
                var seconds = Jumps[act.A % Jumps.Length];
                return Now($"{seconds} s pass", () =>
                {
                    world.Clock.Advance(TimeSpan.FromSeconds(seconds));
                    m.Now = Seconds(world.Now);
                });
            case Deed.Settle: return new("runs follow their proposals", _steps.Settle, m.Settle);
            case Deed.Kill: return new("the bot is killed and starts again", world.Kill, m.Kill);
            case Deed.Tidy:
                return (act.A % 6) switch
                {
                    0 => new("what is overdue expires", _steps.Expire, m.Expire),
                    1 => new("what the stop blocked is gated again", _steps.GateAgain, m.GateAgain),
                    2 => new("what was executed is verified", _steps.Verify, m.Verify),
                    3 => new("what is said to be over is measured", _steps.Remeasure, m.Remeasure),
                    _ => new("what waits is looked at", _steps.Watch, m.Watch),
                };
            case Deed.Investigate:
                var queued = m.Runs.Where(r => r.State == TargetModel.Stage.Queued && r.Due <= m.Now).ToList();
                if (queued.Count == 0) return null;
                var run = queued[act.A % queued.Count];
                return await Step($"run {m.Runs.IndexOf(run)} investigates {Name(run.Incident.Target)}", async () => await _steps.Investigate(await _steps.RunOf(m.Runs.IndexOf(run))), act.Meanwhile, Moment.Looking,
                    (other, killed) => m.Investigate(run, other, killed));
        }

        if (m.Proposals.Count == 0) return null;
        var wanted = m.Proposals.Where(p => Suits(act.Deed, p.Status)).ToList();
        var chosen = act.B % 4 == 0 || wanted.Count == 0 ? m.Proposals : wanted;
        var p = chosen[act.A % chosen.Count];
        var row = _rows[m.Proposals.IndexOf(p)];
        var title = $"proposal {m.Proposals.IndexOf(p)} ({Name(p.Target)}, {p.Status}, revision {p.Revision})";
        var clicker = Clickers[act.C % Clickers.Length];
        var revision = act.C % 7 == 0 ? p.Revision - 1 : p.Revision;
        switch (act.Deed)
        {
            case Deed.Approve or Deed.Deny:
                var approve = act.Deed == Deed.Approve;
                return new($"{clicker} clicks {act.Deed} on revision {revision} of {title}", () => _steps.Click(clicker, row, approve, revision), () => m.Click(clicker, p, approve, revision));
            case Deed.Again:
                var asker = act.C % 2 == 0 ? "Sam" : "Ada";
                return new($"{asker} asks to investigate the incident of {title} again", () => _steps.Again(asker, row, m.Administrators.Contains(asker)), () => m.Again(asker, p));
            case Deed.Annotate: return new($"Ben notes what became of {title}", () => _steps.Annotate(row), () => TargetModel.Annotate(p));
            case Deed.Forge: return new($"somebody writes an approval of {title} into the store", () => _steps.Forge(row), () => m.Forge(p));
            default:
                if (p.Status is not (Is.Approved or Is.Cleared)) return null;
                var answer = (TargetModel.Answer)(act.C % 3);
                var at = (Moment)(1 + act.B / 4 % 4);
                return await Step($"{title} is executed, Azure's answer is {answer}", () => _steps.Execute(row), act.Meanwhile, at, (other, killed) => m.Execute(p, answer, at, other, killed), answer);
        }
    }

    /// <summary>A step at whose given moment somebody else does something, or after which nobody is left.</summary>
    private async Task<Bound> Step(string words, Func<Task> step, Act? meanwhile, Moment at, Action<Action?, bool> model, TargetModel.Answer answer = default)
    {
        var other = meanwhile is null ? null : await Bind(meanwhile);
        var killed = meanwhile?.Deed == Deed.Kill;
        if (other is null) return new(words, Product(_ => Task.CompletedTask), () => model(null, false));
        return new(
            $"{words}; {at switch { Moment.Looking => "while it is looked at", Moment.Claiming => "just before the claim", Moment.LookingAgain => "after the claim", _ => "while Azure works" }}: {other.Words}",
            Product(_ => other.Product()),
            () =>
            {
                model(killed ? null : other.Model, killed);
                if (killed) _model.Kill();
            });

        Func<Task> Product(Func<int, Task> joined) => async () =>
        {
            var dead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            world.Wire.Answer = answer;
            world.Wire.NextStep(async n =>
            {
                if (n != at switch { Moment.Looking => 1, Moment.Claiming => TargetWire.Claiming, Moment.LookingAgain => 2, _ => 0 }) return;
                if (!killed)
                {
                    await joined(n);
                    return;
                }

                dead.TrySetResult();
                await new TaskCompletionSource().Task;
            }, inOrder: true);
            var stepping = step();
            await Task.WhenAny(stepping, dead.Task);
            if (killed) await world.Kill();
            else await stepping;
            world.Wire.NextStep(null);
        };
    }

    private async Task<string?> Difference()
    {
        (_rows, var control, var runs) = await world.Read(async t => (await world.Proposals(t), await world.Tables.Plans.ReadControl(t), await TargetWorld.Runs(t)));
        var rows = _rows;
        var posts = world.Wire.Posts.ToList();
        var product = rows.Select(r => $"{r.Status} r{r.Proposal.Revision} posts {posts.Count(p => p.Claim == r.Proposal.Execution?.Claim.Value)}{(r.Proposal.Annotation is null ? "" : " noted")}");
        var model = _model.Proposals.Select(p => $"{p.Status} r{p.Revision} posts {p.Posts}{(p.Annotated ? " noted" : "")}");
        if (!product.SequenceEqual(model)) return $"product: {string.Join(" | ", product)}\nmodel:   {string.Join(" | ", model)}";
        if (!runs.Select(r => r.State).SequenceEqual(_model.Runs.Select(r => r.State.ToString()))) return $"runs: product {string.Join(", ", runs.Select(r => r.State))}; model {string.Join(", ", _model.Runs.Select(r => r.State))}";
        if (control.Stopped != _model.Stopped || control.DefaultMode != TargetWorld.ModeOf(_model.DefaultAutonomous)) return $"stop or default: product {control}";
        if (posts.Count != _model.Proposals.Sum(p => p.Posts)) return $"{posts.Count} requests arrived";
        var doubtful = rows.Where(r => r.Status == ProposalStatus.Executing || r is { Status: ProposalStatus.Indeterminate, Proposal.Annotation: null }).Select(r => Array.IndexOf(TargetWorld.Paths, r.Proposal.Operation.Match(a => a.Target.Value))).ToList();
        return doubtful.Where((one, i) => doubtful.Skip(i + 1).Any(other => TargetModel.Overlap(one, other))).Any() ? "two executions are in flight or in doubt on one target" : null;
    }

    private static bool Suits(Deed deed, Is status) => deed switch
    {
        Deed.Approve or Deed.Deny or Deed.Forge => status == Is.AwaitingApproval,
        Deed.Annotate => status == Is.Indeterminate,
        Deed.Again => status is Is.Denied or Is.Expired or Is.Failed or Is.Indeterminate,
        _ => status is Is.Approved or Is.Cleared,
    };

    private static Bound Of(string words, Action product, Action model) => new(
        words,
        () =>
        {
            product();
            return Task.CompletedTask;
        },
        model);

    private static Bound Now(string words, Action both) => new(words, () => Task.CompletedTask, both);

    private static string Name(int target) => TargetWorld.PlanNames[target];

    private static long Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds();

    private sealed record Bound(string Words, Func<Task> Product, Action Model);
}
