namespace RunModes.Bot;

/// <summary>The command line: an optional command first, <c>--settings FILE</c> anywhere, everything else is the host's.</summary>
internal sealed record Arguments(string? Command, string[] CommandWords, string? SettingsFile, bool Sandbox, string[] Host)
{
    private static readonly string[] Commands = ["audit", "doctor", "package", "playground", "simulate", "store"];

    public bool Playground => Command == "playground";

    public static Arguments Parse(string[] args)
    {
        List<string> rest = [.. args];
        string? settings = null;
        if (rest.IndexOf("--settings") is var at and >= 0 && at + 1 < rest.Count)
        {
            settings = rest[at + 1];
            rest.RemoveRange(at, 2);
        }

        var sandbox = rest.Remove("--sandbox");
        var command = rest.Count > 0 && Commands.Contains(rest[0]) ? rest[0] : null;
        var words = command is null ? [] : rest[1..].ToArray();
        return new(command, words, settings, sandbox, command is not (null or "playground") ? [] : command is null ? [.. rest] : words);
    }

    /// <summary>A first word that is no command and no option is a mistake, not something to ignore.</summary>
    public string? Unknown => Command is null && Host is [{ } first, ..] && !first.StartsWith('-') ? first : null;
}
