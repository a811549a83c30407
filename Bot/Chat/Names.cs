using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>Knows what there is of one kind. Plans and tasks share one namespace, so a name is found in one of them at most.</summary>
internal interface INames
{
    Thing Kind { get; }

    /// <summary>In alphabetical order, as stored.</summary>
    Task<IReadOnlyList<string>> All(ITransaction transaction);
}

/// <summary>Which plan or task a name means; for one that means none, the nearest.</summary>
internal sealed class Names(IEnumerable<INames> kinds)
{
    private const int MostListed = 10;

    /// <returns>The command with the kind and the name as stored; or what to answer because there is no such thing.</returns>
    public async Task<(Command.Named? Found, CardText? Missing)> Resolve(ITransaction transaction, Command.Named command)
    {
        var known = await Known(transaction);
        return known.FirstOrDefault(k => Fits(k.Kind, command.Kind) && Same(k.Name, command.Name)) is { Name: { } name } found
            ? (command with { Kind = found.Kind, Name = name }, null)
            : (null, NoSuch(command.Kind, command.Name, known));
    }

    /// <returns>Null when there is a plan or a task of this name.</returns>
    public async Task<CardText?> None(ITransaction transaction, string name)
    {
        var known = await Known(transaction);
        return known.Any(k => Same(k.Name, name)) ? null : NoSuch(Thing.Any, name, known);
    }

    /// <summary>Held by whoever creates something of this name.</summary>
    public static string LockOf(string name) => $"name/{name.ToLowerInvariant()}";

    /// <summary>Plans and tasks share one namespace.</summary>
    /// <returns>Null when the name is free.</returns>
    public async Task<CardText?> Taken(ITransaction transaction, string name) => (await Known(transaction)).FirstOrDefault(k => Same(k.Name, name)) is { Name: { } taken } found
        ? CardText.Of($"There is a {Word(found.Kind)} {CardText.Outside(taken, 64)} already, and plans and tasks share their names.")
        : null;

    private static string Word(Thing kind) => kind switch { Thing.Plan => "plan", Thing.Task => "task", _ => "plan or task" };

    private static CardText NoSuch(Thing kind, string name, IReadOnlyList<(Thing Kind, string Name)> known)
    {
        var other = known.FirstOrDefault(k => Same(k.Name, name));
        var candidates = known.Where(k => Fits(k.Kind, kind)).Select(k => k.Name).ToList();
        var nearest = NearestCommands.Names(name, candidates);
        var rest = other.Name is not null ? CardText.Of($"{CardText.Outside(other.Name, 64)} is a {Word(other.Kind)}.")
            : candidates.Count == 0 ? CardText.Of($"There are no {(kind == Thing.Task ? "tasks" : "plans")}.")
            : nearest.Count > 0 ? CardText.Of($"Nearest: {CardText.Join(", ", nearest.Select(n => CardText.Outside(n, 64)))}.")
            : CardText.Of($"{(kind switch { Thing.Plan => "Plans", Thing.Task => "Tasks", _ => "Plans and tasks" })}: {CardText.Join(", ", candidates.Take(MostListed).Select(n => CardText.Outside(n, 64)))}{(candidates.Count > MostListed ? CardText.Of($" and {candidates.Count - MostListed} more") : CardText.Empty)}.");
        return CardText.Of($"There is no {Word(kind)} {CardText.Outside(name, 64)}. {rest}");
    }

    private async Task<IReadOnlyList<(Thing Kind, string Name)>> Known(ITransaction transaction)
    {
        List<(Thing, string)> known = [];
        foreach (var kind in kinds)
        {
            known.AddRange((await kind.All(transaction)).Select(n => (kind.Kind, n)));
        }

        return known;
    }

    private static bool Fits(Thing found, Thing sought) => sought == Thing.Any || found == sought;

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}

internal sealed class NamesOfPlans(IPlans plans) : INames
{
    public Thing Kind => Thing.Plan;

    public async Task<IReadOnlyList<string>> All(ITransaction transaction) => [.. (await plans.All(transaction)).Select(p => p.Name)];
}
