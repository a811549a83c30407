using RunModes.Bot.Roles;

namespace RunModes.Bot.Sandbox;

/// <summary>Everybody in the practice tenant, and where they meet. Nobody here exists anywhere else.</summary>
internal static class PracticePeople
{
    public const string TenantId = "5a4db0c5-0000-4000-8000-000000000001";
    public const string BotId = "28:5a4db0c5-0000-4000-8000-0000000000b0";
    public const string BotName = "SRE bot";

    public const string TeamId = "19:practiceoperations000000000000001@thread.tacv2";
    public const string TeamGroupId = "5a4db0c5-0000-4000-8000-00000000007e";
    public const string TeamName = "Operations";
    public const string ChannelId = "19:practiceincidents0000000000000002@thread.tacv2";
    public const string ChannelName = "incidents";
    public const string PersonalChatId = "a:practice-personal-chat";
    public const string GroupChatId = "19:practicegroupchat000000000000003@thread.v2";

    public static PracticePerson Avery { get; } = new("5a4db0c5-0000-4000-8000-00000000a001", "Avery", "Admin", Role.Administrator);

    /// <summary>A second Administrator, so that two people can decide at once.</summary>
    public static PracticePerson Blake { get; } = new("5a4db0c5-0000-4000-8000-00000000a002", "Blake", "Admin", Role.Administrator);

    public static PracticePerson Sam { get; } = new("5a4db0c5-0000-4000-8000-00000000a003", "Sam", "Standard", Role.StandardUser);

    public static PracticePerson Robin { get; } = new("5a4db0c5-0000-4000-8000-00000000a004", "Robin", "Reader", Role.Reader);

    public static PracticePerson Gale { get; } = new("5a4db0c5-0000-4000-8000-00000000a005", "Gale", "Guest", Role.None);

    public static PracticePerson Dana { get; } = new("5a4db0c5-0000-4000-8000-00000000a006", "Dana", "Departed", Role.None);

    public static IReadOnlyList<PracticePerson> All { get; } = [Avery, Blake, Sam, Robin, Gale, Dana];
}

internal sealed record PracticePerson(string ObjectId, string GivenName, string Surname, Role Role)
{
    public string Name => $"{GivenName} {Surname}";

    /// <summary>How the channel addresses this person; it identifies nobody.</summary>
    public string ChannelUserId => $"29:practice-{GivenName.ToLowerInvariant()}";

    public string UserPrincipalName => $"{GivenName.ToLowerInvariant()}@practice.example";
}
