using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What to do about a finding. The operation comes from a runbook's code, never from a text.</summary>
internal sealed record Remedy(Operation Operation, Provenance Provenance, RecoverySignal? Recovery)
{
    /// <summary>What takes it back, depending on what is so once it was done; null: it cannot be taken back.</summary>
    public Operation? Undo { get; init; }
}

/// <param name="Operation">As it would be proposed now; nothing runs by it.</param>
internal sealed record FollowUp(ResourceId Resource, Operation Operation);

/// <param name="Remedy">Null: nothing to propose, the finding says why.</param>
internal sealed record Investigated(Finding Finding, Remedy? Remedy)
{
    /// <summary>What is told in place of the finding: a task's report.</summary>
    public TaskReport? Report { get; init; }

    /// <summary>What would help other resources: each gets a run of its own, which looks again and meets the gate.</summary>
    public IReadOnlyList<FollowUp> FollowUps { get; init; } = [];

    /// <summary>Said in other places with the write that ends the run or proposes, and only then.</summary>
    public IReadOnlyList<ToolPost> Posts { get; init; } = [];
}

internal sealed record ToolPost(string Conversation, string Text);

/// <summary>Port: runbooks today, a model later. Reads only.</summary>
internal interface IInvestigator
{
    Task<Investigated> Investigate(Incident incident, ResponsePlan? plan, CancellationToken cancellation);

    /// <summary>Who would look at it under this plan, by the names that a plan lists; reads nothing.</summary>
    IReadOnlyList<string> WouldLook(Incident incident, ResponsePlan? plan) => [];
}
