namespace RunModes.Bot.Tests.Runs;

/// <summary>What is looked at while a proposal waits, and told: every change once, and no more than four times.</summary>
internal sealed partial class TargetModel
{
    private const int MostRevisions = 4;

    public void Resize(int target) => Sizes[target] = 1 - Sizes[target];

    /// <summary>A minute after each delivery, then every two.</summary>
    public void Watch()
    {
        foreach (var p in Proposals.Where(p => p.Status == Is.AwaitingApproval))
        {
            if (p.Look.Revision != p.Revision) p.Look = (p.Revision, p.Deadline!.Value - Hour + Minute);
            if (p.Look.Due > Now) continue;
            p.Look = (p.Revision, Now + (2 * Minute));
            if (!Plans[p.Target].Enabled) p.Status = Is.Withdrawn;
            else if (p.Revisions == MostRevisions) continue;
            else if (p.Size == Sizes[p.Target]) TellSymptom(p);
            else Tell(p);
        }
    }

    /// <summary>The source says it is over, and nobody believes it unmeasured.</summary>
    public void Remeasure()
    {
        foreach (var p in Proposals.Where(p => p.Remeasure))
        {
            p.Remeasure = false;
            if (p.Status == Is.AwaitingApproval && p.Revisions < MostRevisions) TellSymptom(p);
        }
    }

    /// <summary>That it is over, and that it is back.</summary>
    private void TellSymptom(Proposal p)
    {
        if (!Measurable(p) || Sick[p.Target] != p.ToldRecovered) return;
        p.ToldRecovered = !p.ToldRecovered;
        Tell(p);
    }

    private void Tell(Proposal p)
    {
        p.Revisions++;
        AskAgain(p);
        p.Size = Sizes[p.Target];
    }

    /// <summary>Nothing of what the target says stands against sending it.</summary>
    private bool AsTold(Proposal p) => p.Size == Sizes[p.Target] && !RecoveredUntold(p);

    private bool RecoveredUntold(Proposal p) => Measurable(p) && !Sick[p.Target] && !p.ToldRecovered;

    private bool Measurable(Proposal p) => Now - p.FoundAt >= Minute;
}
