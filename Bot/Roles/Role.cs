namespace RunModes.Bot.Roles;

internal enum Role { None = 0, Reader, StandardUser, Administrator }

/// <summary>Entra object id and tenant of an authenticated activity: the only identity the bot knows.</summary>
internal sealed record Person(string TenantId, string? ObjectId, string? Name);

/// <summary>What Microsoft Graph says, now. <see cref="CouldTell"/> false means no answer was had: treat as no, and say so.</summary>
/// <param name="Why">One plain sentence for the person refused: what they are, which role is needed, or what could not be asked.</param>
internal sealed record RoleAnswer(Role Role, bool CouldTell, string Why)
{
    public bool IsAdministrator => CouldTell && Role == Role.Administrator;
}

/// <summary>Port to the directory: Microsoft Graph, or the practice directory of the sandbox.</summary>
internal interface IDirectory
{
    Task<RoleAnswer> Look(Person person, CancellationToken cancellation);
}
