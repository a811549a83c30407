namespace RunModes.Bot.Proposals;

internal readonly record struct IncidentId(string Value)
{
    public override string ToString() => Value;
}

internal readonly record struct RunId(string Value)
{
    public override string ToString() => Value;
}

internal readonly record struct ProposalId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The right to execute, won once: fences late results of a worker that was given up for lost.</summary>
internal readonly record struct ClaimId(string Value)
{
    public override string ToString() => Value;
}
