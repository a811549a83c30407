namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>Options out of words. Only names that are listed, each once, each with its value in a word of its own.</summary>
internal static class OptionWords
{
    /// <summary>To az either would be a file to read.</summary>
    public static string? File(IEnumerable<string> words) => words.FirstOrDefault(w => w[0] == '@' || (w.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at && at + 1 < w.Length && w[at + 1] == '@'))
        is { } file ? $"'{file}' would make it read a local file" : null;

    /// <param name="others">What stands between the options; nothing is allowed there unless the caller makes something of it.</param>
    public static (IReadOnlyDictionary<string, string> Values, IReadOnlyList<string> Others, string? Problem) Read(IReadOnlyList<string> words, CatalogueCommand command, IReadOnlyList<CommandOption> always)
    {
        Dictionary<string, string> values = [];
        List<string> others = [];
        for (var at = 0; at < words.Count; at++)
        {
            var word = words[at];
            if (word[0] != '-')
            {
                others.Add(word);
                continue;
            }

            if (word.Contains('=', StringComparison.Ordinal))
            {
                return Problem($"'{word}': write the option and its value with a space between them");
            }

            if (command.Options.Concat(always).FirstOrDefault(o => o.IsCalled(word)) is not { } option)
            {
                return Problem(command.Hints.GetValueOrDefault(word) ?? $"{word} is not accepted with '{command.Program} {command.Words}' ({Accepted(command, always)})");
            }

            var value = "";
            if (option.Value is { } grammar)
            {
                if (++at == words.Count)
                {
                    return Problem($"{word} has no value");
                }

                value = words[at];
                if ((value[0] == '-' ? "is no value" : grammar.Objection(value)) is { } objection)
                {
                    return Problem($"{word}: '{value}' {objection}");
                }
            }

            if (!values.TryAdd(option.Name, value))
            {
                return Problem($"{option.Name} is given twice, and it is one target and one value");
            }
        }

        return command.Names.Concat(command.More.Where(o => o.IsNeeded)).FirstOrDefault(o => !values.ContainsKey(o.Name)) is { } missing ? Problem($"{missing.Name} is needed")
            : (values, others, null);

        static (IReadOnlyDictionary<string, string>, IReadOnlyList<string>, string?) Problem(string why) => (new Dictionary<string, string>(), [], why);
    }

    /// <summary>As the catalogue orders them: the same operation has one spelling.</summary>
    public static IEnumerable<string> Written(CatalogueCommand command, IReadOnlyDictionary<string, string> values) => command.Options.Where(o => values.ContainsKey(o.Name))
        .SelectMany(o => o.Value is null ? (string[])[o.Name] : [o.Name, values[o.Name]]);

    private static string Accepted(CatalogueCommand command, IReadOnlyList<CommandOption> always) => string.Join(", ", command.Options.Concat(always).Select(o => o.Name));
}
