namespace RunModes.Bot.Tests.Runs;

/// <summary>Plans paused and resumed.</summary>
internal sealed partial class TargetModel
{
    /// <summary>What it had open ends with it; what had not proposed yet asks, should it propose after all.</summary>
    public void Enable(int plan, bool enabled)
    {
        if (Plans[plan].Enabled == enabled) return;
        Plans[plan].Enabled = enabled;
        if (!enabled)
        {
            foreach (var p in Proposals.Where(p => p.Run.Incident.Target == plan && p.Status is Is.Blocked or Is.AwaitingApproval or Is.Approved or Is.Cleared)) p.Status = Is.Withdrawn;
        }

        Tighten(r => r.Incident.Target == plan, byDefault: false);
    }
}
