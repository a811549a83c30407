namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>
/// Reads what followed "az": pure, before anybody is asked. The argument list that may run is written anew from the catalogue, with full option names in one
/// order, the subscription by its id, and what keeps az quiet; so az never sees a character that was not checked.
/// </summary>
/// <param name="Subscriptions">By id, those that commands may run in; the only one is meant when none is named.</param>
internal sealed record AzReader(IReadOnlyList<string> Subscriptions)
{
    private static readonly string[] Quiet = ["--only-show-errors"];

    public CommandReading Read(string typed)
    {
        var (words, problem) = TypedWords.Of(typed);
        return problem is null ? Read(words) : Refuse(problem);
    }

    private CommandReading Read(IReadOnlyList<string> words)
    {
        if (words[0][0] == '-')
        {
            return Refuse("it begins with an option; the command comes first");
        }

        var command = words.TakeWhile(w => w[0] != '-').ToList();
        var name = string.Join(' ', command);
        if (AzRefused.Of(command) is { } refused)
        {
            return refused;
        }

        if (AzCatalogue.Find(name) is not { } known)
        {
            return Refuse($"'az {name}' is not in the catalogue of commands that were reviewed{Nearest(command)}");
        }

        if (OptionWords.File(words) is { } file)
        {
            return Refuse(file);
        }

        if (words.Any(w => w == "--ids"))
        {
            return Refuse("--ids may name several targets; name one, by its own options");
        }

        CommandOption[] always = known.Effect == Effect.ReadOnly ? [AzCatalogue.Subscription, AzCatalogue.Output] : [AzCatalogue.Subscription];
        var (values, others, problem) = OptionWords.Read([.. words.Skip(command.Count)], known, always);
        return problem is not null ? Refuse(problem)
            : others.Count > 0 ? Refuse($"'{others[0]}' belongs to no option, and one target is named by options alone")
            : Target(known, values);
    }

    private CommandReading Target(CatalogueCommand command, IReadOnlyDictionary<string, string> values)
    {
        if (Subscription(values) is not { } subscription)
        {
            return Refuse(values.ContainsKey("--subscription") ? "its subscription is not among the subscriptions that commands may run in (Commands:Subscriptions)"
                : Subscriptions.Count == 0 ? "no subscription is configured for commands (Commands:Subscriptions)"
                : "several subscriptions are configured; add --subscription and its id");
        }

        var (text, problem) = Id(command, values, subscription);
        if (problem is not null || !ResourceId.TryParse(text, out var target, out problem))
        {
            return Refuse(problem);
        }

        return !target.SubscriptionId.Equals(subscription, StringComparison.OrdinalIgnoreCase)
            ? Refuse("the resource lies in another subscription than the command")
            : new CommandReading.Understood(
                command, target, "", [.. command.ShownAt is { } version ? ["resource", "show", "--ids", target.Value, "--api-version", version] : Written(command, values), "--subscription", subscription, "--output", values.GetValueOrDefault("--output", "json"), .. Quiet], values);
    }

    private static IEnumerable<string> Written(CatalogueCommand command, IReadOnlyDictionary<string, string> values) => [.. command.Words.Split(' '), .. OptionWords.Written(command, values)];

    private string? Subscription(IReadOnlyDictionary<string, string> values) => values.TryGetValue("--subscription", out var named)
        ? Subscriptions.FirstOrDefault(s => s.Equals(named, StringComparison.OrdinalIgnoreCase))
        : Subscriptions is [var only] ? only : null;

    /// <summary>The target as an id, so that locks, rights, denials and contests find it whatever names it.</summary>
    private static (string Id, string? Problem) Id(CatalogueCommand command, IReadOnlyDictionary<string, string> values, string subscription)
    {
        if (command.Names is [{ Value: CommandValue.Id } by])
        {
            return (values[by.Name], null);
        }

        var group = $"/subscriptions/{subscription}/resourceGroups/{values.GetValueOrDefault(AzCatalogue.Group.Name) ?? values["--name"]}";
        if (command.Type is not { } type)
        {
            return (group, null);
        }

        var names = command.Names.Where(n => n != AzCatalogue.Group).Select(n => values[n.Name]).ToList();
        var kinds = type.Split('/');
        var id = $"{group}/providers/{kinds[0]}{string.Concat(kinds.Skip(1).Zip(names, (kind, name) => $"/{kind}/{name}"))}";
        return (command.Child is { } child && values.TryGetValue(child.Name, out var of) ? $"{id}/slots/{of}" : id, null);
    }

    private static string Nearest(List<string> typed)
    {
        var near = AzCatalogue.All.Select(c => c.Words).Where(w => w.Split(' ')[0] == typed[0]).OrderByDescending(w => w.Split(' ').Intersect(typed).Count()).ThenBy(w => w, StringComparer.Ordinal).Take(4).ToList();
        return near.Count == 0 ? "" : $"; of '{typed[0]}' these are: {string.Join(", ", near)}";
    }

    private static CommandReading.Refused Refuse(string why) => new(Effect.Unknown, why);
}
