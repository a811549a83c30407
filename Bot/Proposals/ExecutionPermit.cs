namespace RunModes.Bot.Proposals;

/// <summary>The guarded write that turns an Approved or Cleared proposal into an Executing one, at most once. Port to the store.</summary>
internal interface IClaims
{
    /// <returns>The row as it was claimed; null when somebody else won, or stop, plan or budget no longer allow it.</returns>
    Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation);
}

/// <summary>The answer to a claim: a permit, or the reason why there is none.</summary>
internal abstract record Claim
{
    private Claim() { }

    public sealed record Won(ExecutionPermit Permit, Proposal Proposal) : Claim;

    public sealed record Lost : Claim;

    /// <summary>The row was claimed, but it is not what was approved: nothing may be sent.</summary>
    public sealed record Altered(Proposal Proposal, string Why) : Claim;
}

/// <summary>
/// The single-use right to execute one operation. There is one way to get one: win the guarded claim, with a seal that verifies
/// and a fingerprint recomputed from the stored operation. It dies ten seconds after it was issued.
/// </summary>
internal sealed class ExecutionPermit
{
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private readonly long _issued;
    private readonly TimeProvider _clock;
    private int _used;

    private ExecutionPermit(Operation operation, ProposalId proposal, ClaimId claim, long issued, TimeProvider clock)
    {
        Operation = operation;
        Proposal = proposal;
        Claim = claim;
        _issued = issued;
        _clock = clock;
    }

    public Operation Operation { get; }

    public ProposalId Proposal { get; }

    public ClaimId Claim { get; }

    public static async Task<Claim> Win(IClaims claims, Proposal proposal, Func<Proposal, bool> sealVerifies, TimeProvider clock, CancellationToken cancellation)
    {
        // Taken before the claim: however long the store takes, the permit is never younger than the row says.
        var issued = clock.GetTimestamp();
        var claim = new ClaimId(Guid.CreateVersion7().ToString("N"));
        var claimed = await claims.TryClaim(proposal.Id, proposal.Version, claim, cancellation);
        if (claimed is null)
        {
            return new Claim.Lost();
        }

        if (Fingerprint.Of(claimed.Operation) != claimed.Fingerprint)
        {
            return new Claim.Altered(claimed, "the stored operation is not the one the fingerprint was taken of");
        }

        return sealVerifies(claimed)
            ? new Claim.Won(new ExecutionPermit(claimed.Operation, claimed.Id, claim, issued, clock), claimed)
            : new Claim.Altered(claimed, "the seal of the decision does not verify");
    }

    /// <summary>Asked immediately before the first byte, on a monotonic clock; true once.</summary>
    public bool TryUse() => _clock.GetElapsedTime(_issued) < Life && Interlocked.Exchange(ref _used, 1) == 0;
}
