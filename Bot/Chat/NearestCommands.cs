namespace RunModes.Bot.Chat;

/// <summary>What was perhaps meant: commands by their first word, names of plans and tasks by the whole.</summary>
internal static class NearestCommands
{
    /// <summary>The words to type, and what they stand for when they are compared.</summary>
    private static readonly string[] Offered =
    [
        "help", "whoami", "approvers", "plans", "plan <name>", "tasks", "task <name>", "pending", "history", "unmatched", "hooks", "health", "insights",
        "set <plan> to review", "set <plan> to autonomous", "set default to review", "set default to autonomous", "stop", "start",
        "pause <task>", "pause <plan>", "resume <plan>", "resume <task>", "create plan <name>", "create task <name>", "edit <plan>", "edit <task>", "delete <plan>", "delete <task>",
        "run <task>", "test <plan>", "use this channel", "use this channel for <plan>", "investigate <resource>", "propose restart <app>", "propose az …", "propose kubectl …",
    ];

    /// <summary>Closest first; the first words decide, since names and sentences follow them.</summary>
    public static IReadOnlyList<string> To(string said)
    {
        var words = said.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. Offered
            .Select(o => (Command: o, Distance: Distance(words, o)))
            .Where(o => o.Distance <= 2)
            .OrderBy(o => o.Distance)
            .Take(3)
            .Select(o => o.Command)
            .DefaultIfEmpty("help")];
    }

    /// <summary>The names that a mistyped one may have meant, closest first; empty when none is near.</summary>
    public static IReadOnlyList<string> Names(string said, IEnumerable<string> known, int most = 3)
    {
        var sought = Cut(said.ToLowerInvariant());
        return [.. known
            .Select(n => (Name: n, Distance: NameDistance(sought, Cut(n.ToLowerInvariant()))))
            .Where(n => n.Distance <= Math.Max(2, n.Name.Length / 3))
            .OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.OrdinalIgnoreCase)
            .Take(most)
            .Select(n => n.Name)];
    }

    /// <summary>A part of a name is what people remember of it: "prod" for "prod-web".</summary>
    private static int NameDistance(string sought, string name) =>
        sought.Length > 2 && (name.Contains(sought, StringComparison.Ordinal) || sought.Contains(name, StringComparison.Ordinal)) ? 1 : Edits(sought, name);

    private static int Distance(string[] words, string offered)
    {
        var first = offered.Split(' ')[0];
        // Only the first words of a long text are looked at: the rest is a story, not a command.
        return words.Take(6).Select((w, i) => Edits(w[..Math.Min(w.Length, 20)], first) + (i > 0 ? 1 : 0)).Where(d => d < first.Length).DefaultIfEmpty(int.MaxValue).Min();
    }

    private static string Cut(string name) => name[..Math.Min(name.Length, 64)];

    /// <summary>Levenshtein.</summary>
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
