using RunModes.Bot.Execution;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <param name="Key">
/// Names what somebody did, so that it is told once. Null for what the operation depends on: once told, the operation depends on what is so now,
/// and if it is otherwise again, nobody has approved that, however often it was so before.
/// </param>
internal sealed record News(string? Key, string Words)
{
    public bool IsUntold(Waiting waiting) => Key is null || !waiting.HasTold(Key);
}

/// <summary>How the target is now, against how it was when the operation was proposed.</summary>
internal sealed record TargetNow
{
    /// <summary>Why there is nothing left to act on; null while there is.</summary>
    public string? Gone { get; init; }

    public IReadOnlyList<News> Changes { get; init; } = [];

    /// <summary>The operation, depending on what is so now.</summary>
    public required Operation Operation { get; init; }

    /// <summary>Null: not measured, because the finding is a moment old or names no signal.</summary>
    public bool? Recovered { get; init; }

    /// <summary>"memory usage is 48 % now".</summary>
    public string Measured { get; init; } = "";

    /// <summary>What could not be read; null when everything was.</summary>
    public string? Unread { get; init; }
}

/// <summary>
/// Looks at the target again: is it there, is it what it was, did somebody deploy, restart or stop it since, is the symptom still there.
/// The activity log lags and may be hidden; what it does not say stands in the preconditions for the most part, so its silence hinders nothing.
/// </summary>
internal sealed class TargetFacts(PreconditionProbe preconditions, ChangeHistory history, SignalReader signals, TimeProvider clock)
{
    private static readonly TimeSpan FreshFinding = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan OneMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(4);
    private const int LatestSamples = 5;

    public async Task<TargetNow> Look(Proposal proposal, CancellationToken cancellation)
    {
        var standing = preconditions.Look(proposal.Operation, cancellation);
        var done = Done(proposal, cancellation);
        var symptom = Symptom(proposal, cancellation);
        await Task.WhenAll(standing, done, symptom);
        var measured = await symptom;
        var now = await standing switch
        {
            Standing.Gone gone => new TargetNow { Gone = gone.Why, Operation = proposal.Operation },
            Standing.CouldNotTell unread => measured with { Unread = unread.Why },
            Standing.Changed changed => measured with { Operation = changed.Now, Changes = [new(Key: null, $"{Upper(string.Join(", ", changed.Words))}.")] },
            _ => measured,
        };
        return now with { Changes = [.. now.Changes, .. await done] };
    }

    /// <summary>Only how the symptom is.</summary>
    public async Task<TargetNow> Symptom(Proposal proposal, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        // What a person asked for does not rest on a symptom, so none can go away.
        if (proposal.Recovery is not { } signal || proposal.Finding.Asked || now - proposal.Finding.At < FreshFinding)
        {
            return new TargetNow { Operation = proposal.Operation };
        }

        var reading = await signals.Samples(signal, now - Recent, now, cancellation);
        return reading.Match(
            read =>
            {
                var latest = read.Points.TakeLast(LatestSamples).Select(s => s.Value).Order().ToList();
                var median = latest[latest.Count / 2];
                return new TargetNow
                {
                    Operation = proposal.Operation, Recovered = signal.IsNormal(median),
                    Measured = $"{signal.Label.ToLowerInvariant()} is {signal.Say(median)} now",
                };
            },
            unread => new TargetNow { Operation = proposal.Operation, Unread = $"Whether the symptom is still there could not be measured: {unread.Why}." });
    }

    private async Task<IReadOnlyList<News>> Done(Proposal proposal, CancellationToken cancellation)
    {
        var target = proposal.Operation.Match(arm => arm.Target, tool => tool.Scope);
        // What happens in a cluster stands in no log of Azure; its commands are bound to what they depend on.
        if (proposal.Recovery is not { Resource: { Group: not null } plan } || target.Group is null || KubernetesObject.Of(plan) is not null)
        {
            return [];
        }

        var since = proposal.Finding.At;
        // Asked in whole seconds, so that the one that has begun would be cut off.
        var reading = history.Since(since, clock.GetUtcNow() + OneMinute, target, plan, cancellation);
        Reading<IReadOnlyList<Change>> read;
        try
        {
            read = await reading.WaitAsync(LogPatience, clock, cancellation);
        }
        catch (TimeoutException)
        {
            // A claim is good for ten seconds, and a slow log must not spend them.
            return [];
        }

        return read is not Reading<IReadOnlyList<Change>>.Told { Value: var changes } ? [] :
        [
            .. changes.Where(c => c.At > since && c.Kind != ChangeKind.Unknown)
                .Select(c => new News(FormattableString.Invariant($"{c.Kind}/{c.At.ToUnixTimeMilliseconds()}"), $"It was changed since the finding: {c} (UTC).")),
        ];
    }

    private static string Upper(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
}
