using System.Collections.Concurrent;

namespace RunModes.Bot.Tests.Support.Wire;

internal sealed record DirectoryPerson(string Id, string Name)
{
    public bool AccountEnabled { get; set; } = true;
    public string? UserType { get; set; } = "Member";
    public string? ExternalUserState { get; set; }

    /// <summary>Ids of the groups they are in directly.</summary>
    public Shared<string> Groups { get; } = [];

    /// <summary>Ids of app roles assigned to them directly.</summary>
    public Shared<string> AppRoles { get; } = [];
}

internal sealed record DirectoryGroup(string Id, string Name)
{
    public string Visibility { get; set; } = "Private";
    public string? MembershipRule { get; set; }
    public bool? IsAssignableToRole { get; set; } = true;

    /// <summary>Ids of the groups this one is a member of.</summary>
    public Shared<string> MemberOf { get; } = [];

    /// <summary>Ids of app roles assigned to the group: they count for its direct members only.</summary>
    public Shared<string> AppRoles { get; } = [];
}

internal sealed record DirectoryAppRole(string Id, string Value, bool IsEnabled = true);

/// <summary>The people and groups of one tenant. Changes are seen by the next call.</summary>
internal sealed class FakeDirectory
{
    public const string ServicePrincipal = "e5f70412-5555-4666-8777-888899990000";

    private readonly ConcurrentDictionary<string, DirectoryPerson> people = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, DirectoryGroup> groups = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Roles that the bot's own app registration offers.</summary>
    public Shared<DirectoryAppRole> AppRoles { get; } = [];

    public DirectoryPerson Person(string id, string name, params string[] inGroups)
    {
        var person = new DirectoryPerson(id, name);
        foreach (var group in inGroups) person.Groups.Add(group);
        return people[id] = person;
    }

    public DirectoryGroup Group(string id, string name, params string[] memberOf)
    {
        var group = new DirectoryGroup(id, name);
        foreach (var above in memberOf) group.MemberOf.Add(above);
        return groups[id] = group;
    }

    /// <summary>Deleted: 404 from now on.</summary>
    public void Remove(string id)
    {
        people.TryRemove(id, out _);
        groups.TryRemove(id, out _);
    }

    internal DirectoryPerson? FindPerson(string id) => people.GetValueOrDefault(id);

    internal DirectoryGroup? FindGroup(string id) => groups.GetValueOrDefault(id);

    /// <summary>Groups and people inside a group, nested ones included.</summary>
    internal (IReadOnlyList<DirectoryGroup> Groups, IReadOnlyList<DirectoryPerson> People) TransitiveMembers(string id)
    {
        var inside = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { id };
        while (groups.Values.FirstOrDefault(g => !inside.Contains(g.Id) && g.MemberOf.Any(inside.Contains)) is { } nested)
        {
            inside.Add(nested.Id);
        }

        return ([.. groups.Values.Where(g => g.Id != id && inside.Contains(g.Id))], [.. people.Values.Where(p => p.Groups.Any(inside.Contains)).OrderBy(p => p.Id, StringComparer.Ordinal)]);
    }

    /// <summary>Ids of all groups somebody is in, nested ones included; a group that was deleted gives nothing.</summary>
    internal HashSet<string> TransitiveGroups(DirectoryPerson person)
    {
        var found = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>(person.Groups);
        while (open.TryDequeue(out var id))
        {
            if (!groups.TryGetValue(id, out var group) || !found.Add(id)) continue;
            foreach (var above in group.MemberOf) open.Enqueue(above);
        }

        return found;
    }
}
