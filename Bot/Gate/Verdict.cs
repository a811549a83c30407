using System.Text.Json.Serialization;

namespace RunModes.Bot.Gate;

internal enum VerdictKind { Refuse = 0, Blocked, AskFirst, Proceed }

/// <summary>What the gate says, always with its reasons. Card, log and audit print this same value.</summary>
internal sealed record Verdict(VerdictKind Kind, IReadOnlyList<string> Reasons)
{
    /// <summary>A rule of the deployer refuses it, and nothing that is refused for ever.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ByHook { get; init; }

    public override string ToString() => $"{Kind}: {string.Join("; ", Reasons)}";
}
