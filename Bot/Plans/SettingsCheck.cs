using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Plans;

/// <summary>Settings that cannot be used stop the start: one line a problem, naming key and fix, never a secret's value.</summary>
internal static class SettingsCheck
{
    /// <param name="commands">Where commands may run; null: nowhere.</param>
    public static IReadOnlyList<string> Problems(IConfiguration configuration, CommandReaders? commands = null) =>
        [.. SettingsSchema.Problems(configuration), .. PlanSettings.From(configuration, commands).Problems, .. Levels(configuration.GetSection("Logging"))];

    /// <summary>The host reads these itself, and its answer to a wrong one is an exception.</summary>
    private static IEnumerable<string> Levels(IConfigurationSection at) => at.GetChildren().SelectMany(child =>
        child.Key.Equals("LogLevel", StringComparison.OrdinalIgnoreCase)
            ? child.GetChildren().Where(l => !string.IsNullOrEmpty(l.Value) && !Enum.TryParse<LogLevel>(l.Value, ignoreCase: true, out _))
                .Select(l => $"{l.Path}: '{l.Value}' is not a level; use one of {string.Join(", ", Enum.GetNames<LogLevel>())}.")
            : Levels(child));
}
