using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <summary>What started it, as its source wrote it: untrusted text, all of it.</summary>
internal sealed record IncidentFacts(string Title, string Severity, int Firings = 1)
{
    /// <summary>"**Sev1** · High memory"; what a person asked for has no severity.</summary>
    public CardText Named => Severity.Length == 0 ? CardText.Outside(Title, 120) : CardText.Of($"**{CardText.Outside(Severity, 20)}** · {CardText.Outside(Title, 120)}");
}

/// <summary>All that a review card shows. The same model gives the same card, byte for byte: nothing here is the present moment.</summary>
internal sealed record CardModel(GatedProposal Gated)
{
    public bool Sandbox { get; init; }
    public IncidentFacts? Incident { get; init; }

    /// <summary>What the agent's identity may do here and how that is known, in one line.</summary>
    public string Permission { get; init; } = "";

    /// <summary>Who can decide: "Administrators (group SRE approvers)".</summary>
    public string Approvers { get; init; } = "";

    /// <summary>The plan's instructions, for approvers to read.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>Other runs on the same target, one line each.</summary>
    public IReadOnlyList<string> OtherRuns { get; init; } = [];

    /// <summary>Later steps that are not offered, and why, one line each.</summary>
    public IReadOnlyList<string> NotProposed { get; init; } = [];

    /// <summary>Why it is asked here and not where it belongs; empty when it is there.</summary>
    public string Astray { get; init; } = "";

    public Proposal Proposal => Gated.Proposal;
}
