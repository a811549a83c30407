namespace RunModes.Bot.Runs;

/// <summary>What the worker sets in motion.</summary>
internal sealed record RunActivities(
    RunFlow Flow, Executions Executions, Verifier Verifier, RunRecovery Recovery, ProposalSteps Steps, ProposalWatch Watch, Vigil Vigil, Ticks Ticks, OperationHooks Hooks)
{
    /// <summary>Where hooks look at what was done, which takes as long as they do.</summary>
    public async Task<bool> Settle(Run run, CancellationToken cancellation)
    {
        await Hooks.After(run, cancellation);
        await Flow.Settle(run, cancellation);
        return true;
    }
}
