namespace RunModes.Bot.Plans;

/// <summary>Names of plans and tasks are said in chat, so they share one namespace and stay clear of the words that mean something else there.</summary>
internal static class PlanNames
{
    private const int Longest = 64;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "default", "all",
        "help", "whoami", "plan", "plans", "task", "tasks", "pending", "history", "unmatched", "hooks", "health", "insights",
        "set", "to", "review", "autonomous", "automatic", "stop", "start", "pause", "resume", "create", "edit", "delete", "run",
        "use", "this", "channel", "for", "test", "investigate", "propose", "practice", "confirm", "cancel", "approve", "deny",
    };

    /// <summary>Null when the name may be used.</summary>
    public static string? Refusal(string name) =>
        name.Length == 0 ? "is missing; give it a name."
        : name.Length > Longest ? $"is longer than {Longest} characters; shorten it."
        : Reserved.Contains(name) ? $"'{name}' is a word of the chat commands; choose another name."
        : !char.IsAsciiLetterOrDigit(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ' ') || name.EndsWith(' ') || name.Contains("  ", StringComparison.Ordinal)
            ? "may hold letters, digits, '-', '_', '.' and single spaces, and begins with a letter or digit; rename it."
        : null;
}
