namespace RunModes.Bot.Gate;

internal enum VerdictKind { Refuse = 0, Blocked, AskFirst, Proceed }

/// <summary>What the gate says, always with its reasons. Card, log and audit print this same value.</summary>
internal sealed record Verdict(VerdictKind Kind, IReadOnlyList<string> Reasons)
{
    public override string ToString() => $"{Kind}: {string.Join("; ", Reasons)}";
}
