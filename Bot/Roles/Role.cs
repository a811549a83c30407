namespace RunModes.Bot.Roles;

internal enum Role { None = 0, Reader, StandardUser, Administrator }

/// <summary>Entra object id and tenant of an authenticated activity: the only identity the bot knows.</summary>
internal sealed record Person(string TenantId, string? ObjectId, string? Name);

/// <summary>What Microsoft Graph says, now. <see cref="CouldTell"/> false means no answer was had: treat as no, and say so.</summary>
/// <param name="Why">For the person whose approval is refused: which role is needed, what they are, or what could not be asked.</param>
internal sealed record RoleAnswer(Role Role, bool CouldTell, string Why)
{
    public bool IsAdministrator => CouldTell && Role == Role.Administrator;

    /// <summary>What the person is, or why that could not be told, without what was attempted: "Microsoft Graph says you are a Standard User."</summary>
    public string Says { get; init; } = Why;

    public bool IsAtLeast(Role needed) => CouldTell && Role != Role.None && Role >= needed;

    /// <param name="doing">Verb phrase: "approve", "switch a plan to Autonomous".</param>
    public string Refusal(Role needed, string doing) => $"Only {Plural(needed)} can {doing}. {Says}";

    public static RoleAnswer Told(Role role, string says) => From(role, couldTell: true, says);

    public static RoleAnswer Unknown(string says) => From(Role.None, couldTell: false, says);

    private static RoleAnswer From(Role role, bool couldTell, string says)
    {
        var answer = new RoleAnswer(role, couldTell, says);
        return answer.IsAdministrator ? answer : answer with { Why = answer.Refusal(Role.Administrator, "approve") };
    }

    private static string Plural(Role role) => role switch
    {
        Role.Reader => "members of this organisation",
        Role.StandardUser => "Standard Users and Administrators",
        _ => "Administrators",
    };
}
