using System.Globalization;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What follows from the readings of a deployment, in words. Pure; the first that applies wins.</summary>
/// <param name="Runbook">Whose situation it is; null: nobody's.</param>
internal sealed record DeploymentJudgement(Conclusion Conclusion, string Present, string Past, string? Runbook = null)
{
    /// <summary>Pods pull images, start, and fail their probes at first.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(5);

    /// <summary>After a rollout the rollout is looked at first, and whoever did it is still there.</summary>
    private static readonly TimeSpan RecentRollout = TimeSpan.FromMinutes(15);

    /// <summary>What a restart did not mend within this time the next one will not.</summary>
    private static readonly TimeSpan RecentRestart = TimeSpan.FromHours(1);
    private static readonly string[] OfImage = ["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ImageInspectError", "ErrImageNeverPull", "RegistryUnavailable"];
    private static readonly string[] OfSettings = ["CreateContainerConfigError", "CreateContainerError", "RunContainerError"];

    /// <summary>The revision to go back to; null: that is not what helps.</summary>
    public DeploymentRevision? Back { get; init; }

    public static DeploymentJudgement Of(DeploymentReadings read)
    {
        var now = read.Now;
        return !now.IsTakenUp ? Same(Conclusion.OtherCause, $"{read.Name} was changed a moment ago, and the cluster has not taken that up yet")
            : now.Wanted == 0 ? Same(Conclusion.StoppedOnPurpose, $"{read.Name} is scaled to 0 pods; it stays as it is")
            : read.Current is not { } current ? Same(Conclusion.CouldNotTell, $"which revision of {read.Name} runs could not be told")
            : read.Crashing.Count > 0 ? AtRest(read, Crash(read)) ?? DeploymentCrashLoop.Judge(read, current)
            : now.Available >= now.Wanted && now.Condition("Available") is { Status: "True" } available ? Well(read, available)
            : AtRest(read, Short(read)) ?? Unavailable(read, current);
    }

    /// <summary>What neither a restart nor a rollback would mend, or what somebody is at work on.</summary>
    private static DeploymentJudgement? AtRest(DeploymentReadings read, string symptom)
    {
        if (read.Now.Paused)
        {
            return Same(Conclusion.OtherCause, $"{symptom}, and its rollout is paused: somebody is at work on it");
        }

        if (read.Now.Condition("ReplicaFailure") is { Status: "True" } failure)
        {
            return Same(Conclusion.OtherCause, $"{symptom}, because the cluster cannot make its pods: {Said(failure)}");
        }

        if (read.Pods.SelectMany(p => p.Containers).FirstOrDefault(c => OfImage.Contains(c.Waiting)) is { } image)
        {
            return Same(Conclusion.OtherCause, $"{symptom}, because an image cannot be had ({image.Waiting} in container {image.Name.Plain(40)}); a restart would ask for the same one");
        }

        if (read.Pods.SelectMany(p => p.Containers).FirstOrDefault(c => OfSettings.Contains(c.Waiting)) is { } settings)
        {
            return Same(Conclusion.OtherCause, $"{symptom}, because a container cannot be started as it is set ({settings.Waiting} in {settings.Name.Plain(40)}): look for a config map, a secret or a volume that is missing");
        }

        return read.Pods.FirstOrDefault(p => p.IsUnscheduled) is { } homeless
            ? Same(Conclusion.OtherCause, $"{symptom}, because the cluster has no place for pods: {Said(homeless.Conditions.First(c => c.Type == "PodScheduled"))}")
            : null;
    }

    private static DeploymentJudgement Unavailable(DeploymentReadings read, DeploymentRevision current)
    {
        var (symptom, now) = (Short(read), read.Now);
        var rollout = now.Condition("Progressing");
        if (rollout is { Status: "False" })
        {
            return Same(Conclusion.OtherCause, $"{symptom}, and its rollout of revision {current.Number} does not get on ({rollout.Reason.Plain(40)}); a restart would begin it again");
        }

        if (now.Updated < now.Wanted || now.There > now.Updated || rollout is not { Reason: "NewReplicaSetAvailable" })
        {
            return Same(Conclusion.OtherCause, $"{symptom}, and its rollout of revision {current.Number} is under way");
        }

        if (current.RestartedAt is { } restarted && read.At - restarted <= RecentRestart)
        {
            return Same(Conclusion.OtherCause, $"{symptom}, but it was restarted at {restarted.Utc()} UTC already; a further restart would not help");
        }

        if (!current.BroughtBack && read.At - current.Created <= RecentRollout)
        {
            return Same(Conclusion.OtherCause, $"{symptom}, but revision {current.Number} was rolled out at {current.Created.Utc()} UTC; look at that first");
        }

        var unready = read.Pods.Where(p => !p.IsReady).ToList();
        if (read.Pods.Count < now.Wanted || unready.Exists(p => p.Phase != "Running" || read.At - p.Created <= Starting))
        {
            return Same(Conclusion.OtherCause, $"{symptom}; pods of it are being made or are starting");
        }

        if (now.Condition("Available") is not { Since: { } turned } available || unready.Count == 0 || unready.Exists(p => p.ReadySince is null))
        {
            return Same(Conclusion.CouldNotTell, $"{symptom}, and since when the cluster does not say");
        }

        if (available.Status != "False")
        {
            return Same(Conclusion.OtherCause, $"{symptom}: as many as it is allowed to do without. A restart of all would be worse");
        }

        var since = unready.Min(p => p.ReadySince!.Value) is var first && first > turned ? first : turned;
        return read.At - since < LongEnough
            ? Same(Conclusion.CouldNotTell, $"{symptom}, but only since {since.Utc(read.At)} UTC: too short to tell")
            : new(Conclusion.Sick, $"{read.Name} is unavailable since {since.Utc(read.At)} UTC: {Numbers(read)} pods are ready, and all of them run", $"{read.Name} was unavailable", DeploymentRunbooks.Unavailable);
    }

    private static DeploymentJudgement Well(DeploymentReadings read, ClusterCondition available)
    {
        var ended = read.Pods.SelectMany(p => p.Containers).Select(c => c.Last?.At).Max();
        if (ended is { } at && read.At - at < TimeSpan.FromHours(1))
        {
            return Same(Conclusion.Recovered, $"{Numbers(read)} pods of {read.Name} are ready; one restarted last at {at.Utc()} UTC and runs since");
        }

        return available.Since is { } since && read.At - since < TimeSpan.FromHours(1) && since - read.Current!.Created > Starting
            ? Same(Conclusion.Recovered, $"{read.Name} is available again since {since.Utc()} UTC; nothing to do")
            : Same(Conclusion.NeverSick, $"{Numbers(read)} pods of {read.Name} are ready; nothing to do");
    }

    public static DeploymentJudgement Same(Conclusion conclusion, string words) => new(conclusion, words, words);

    public static string Crash(DeploymentReadings read) => string.Create(CultureInfo.InvariantCulture, $"{read.Crashing.Count} of {read.Pods.Count} pods of {read.Name} crash again and again");

    private static string Short(DeploymentReadings read) => $"{Numbers(read)} pods of {read.Name} are available";

    private static string Numbers(DeploymentReadings read) => string.Create(CultureInfo.InvariantCulture, $"{read.Now.Available} of {read.Now.Wanted}");

    private static string Said(ClusterCondition condition) => (condition.Message.Length > 0 ? condition.Message : condition.Reason).Plain(160).TrimEnd('.');
}
