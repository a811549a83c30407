using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Plans;

/// <summary>What decides whether a command may be a step: where commands may run, and what the bot never touches.</summary>
internal sealed record StepRules(CommandReaders Commands, OwnResources Own)
{
    /// <summary>No command is accepted.</summary>
    public static StepRules Nothing { get; } = new(CommandReaders.Nowhere, new([]));

    /// <summary>As they are stored: a command with the place written out that was meant by being the only one.</summary>
    public IReadOnlyList<string> Completed(IReadOnlyList<string> steps) => [.. steps.Select(s => CommandStep.TryRead(s, this, out var step, out _) ? step.Completed(this) : s)];
}
