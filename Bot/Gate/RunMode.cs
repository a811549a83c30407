using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Gate;

/// <summary>Whether to ask before an Azure infrastructure operation. Never whether the agent can reach the resource: that is a permission.</summary>
internal enum RunMode { Review = 0, Autonomous }

internal enum ModeSource { Agent = 0, Plan, Task }

/// <summary>A mode and where it came from; the two are never shown apart.</summary>
internal sealed record EffectiveMode(RunMode Mode, ModeSource Source, string? SourceName = null)
{
    public override string ToString() => Source switch
    {
        ModeSource.Plan => $"{Mode} (plan {SourceName})",
        ModeSource.Task => $"{Mode} (task {SourceName})",
        _ => $"{Mode} (agent default)",
    };

    /// <summary>As a verdict gives it.</summary>
    [JsonIgnore]
    public string AsReason => $"The run mode is {this}.";
}

internal static class RunModes
{
    /// <summary>The mode stored on the plan or task wins; only where none is stored does the agent's default apply, and that is Review when never set.</summary>
    public static EffectiveMode Resolve(RunMode? plan, string? planName, RunMode? task, string? taskName, RunMode? agentDefault) =>
        task is { } ofTask ? new(ofTask, ModeSource.Task, taskName)
        : plan is { } ofPlan ? new(ofPlan, ModeSource.Plan, planName)
        : new(agentDefault ?? RunMode.Review, ModeSource.Agent);

    /// <summary>Case is ignored, "Automatic" is the older word for Autonomous, and nothing else is a mode.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out RunMode? mode)
    {
        var name = text?.Trim();
        mode = Is(name, "Review") ? RunMode.Review
            : Is(name, "Autonomous") || Is(name, "Automatic") ? RunMode.Autonomous
            : null;
        return mode is not null;
    }

    /// <summary>Ordinal and ASCII: upper-casing would also accept letters that merely look like the name's.</summary>
    private static bool Is(string? text, string name) => text is not null && System.Text.Ascii.EqualsIgnoreCase(text, name);
}
