using System.Globalization;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>The lines under a deployment's finding: pods, revisions and what differs between them. Names and images are the cluster's, and so somebody's text.</summary>
internal static class DeploymentEvidence
{
    private const int Most = 4;

    public static IReadOnlyList<Evidence> Of(DeploymentReadings read, DeploymentJudgement judgement)
    {
        List<Evidence> lines =
        [
            new("Deployment", Text($"{read.Now.Available} of {read.Now.Wanted} pods available{(read.Now.Revision is { } revision ? $", revision {revision}" : "")}{Rollout(read.Now)} at {read.At.Utc()} UTC")),
            new("Pods", read.Pods.Count == 0 ? "none" : string.Join("; ", Shown(read.Pods).Select(p => Pod(p, read.At))) + More(read.Pods.Count)),
            new("Revisions", read.Revisions.Count == 0 ? "none kept" : string.Join("; ", read.Revisions.OrderByDescending(r => r.Number).Take(Most).Select(r => Revision(r, read)))),
        ];
        if (judgement.Back is { } back && read.Current is { } current)
        {
            lines.Add(new(Text($"Changed since revision {back.Number}"), current.Against(back)));
        }

        if (read.KeptBy is { } keeper)
        {
            lines.Add(new("Kept by", keeper));
        }

        return lines;
    }

    /// <summary>Those that are in trouble first.</summary>
    private static IEnumerable<ClusterPod> Shown(IReadOnlyList<ClusterPod> pods) => pods.OrderBy(p => p.Crashing is null).ThenBy(p => p.IsReady).ThenBy(p => p.Name, StringComparer.Ordinal).Take(Most);

    private static string More(int count) => count > Most ? Text($"; {count - Most} more") : "";

    private static string Rollout(ClusterWorkload now) => now.Paused ? ", rollout paused" : now.Condition("Progressing") is { Reason: { Length: > 0 } reason } ? $", {Words(reason)}" : "";

    private static string Words(string reason) => reason switch
    {
        "NewReplicaSetAvailable" => "rollout complete",
        "ProgressDeadlineExceeded" => "rollout stuck",
        _ => $"rollout: {reason.Plain(40)}",
    };

    private static string Pod(ClusterPod pod, DateTimeOffset now) => pod.Crashing is { } crashing
        ? Text($"{pod.Name.Plain(60)} {(crashing.Waiting.Length > 0 ? crashing.Waiting.Plain(40) : "not ready")}, {crashing.Restarts} restarts{End(crashing, now)}")
        : Text($"{pod.Name.Plain(60)} {(pod.IsReady ? "ready" : pod.Containers.FirstOrDefault(c => c.Waiting.Length > 0)?.Waiting.Plain(40) ?? $"{pod.Phase.Plain(20)}, not ready")}{(pod.ReadySince is { } since ? $" since {since.Utc(now)}" : "")}");

    private static string End(ClusterContainer container, DateTimeOffset now) => container.Last is { At: { } at } last
        ? Text($", last end {at.Utc(now)}{(last.ExitCode is { } code ? $" with {code}" : "")}{(last.Reason is { Length: > 0 } and not "Error" ? $" ({last.Reason.Plain(30)})" : "")}")
        : "";

    private static string Revision(DeploymentRevision revision, DeploymentReadings read)
    {
        var ready = read.PodsOf(revision).Count(p => p.IsReady);
        var served = read.Served(revision) is var (from, to) ? $"in service {from.Utc(read.At)} to {to.Utc(read.At)}" : revision.BroughtBack ? "went back to" : $"since {revision.Created.Utc(read.At)}";
        return Text($"{revision.Number} {served}{(ready > 0 ? $", {ready} pods ready" : "")}");
    }

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
