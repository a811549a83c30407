using RunModes.Bot.Cards;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>What the bot says of itself and of whoever asks.</summary>
internal sealed class BotShown(ChatSettings settings, HealthReport health, PracticeAlerts? practice = null) : IShow
{
    public bool Shows(Command command) => command is Command.WhoAmI or Command.Approvers or Command.Health or Command.Practice or Command.Unknown;

    public async Task<CardText> Show(Said said, CancellationToken cancellation) => said.Command switch
    {
        Command.WhoAmI => WhoAmI(said.Message, said.Role),
        Command.Approvers => Approvers(),
        Command.Health => await health.Read(said.Role, cancellation),
        Command.Practice p => practice is null ? CardText.Of($"Practice alerts exist in the sandbox only. Nothing was raised.") : CardText.Of($"{await practice.Raise(p.Scenario, cancellation)}"),
        _ => Unknown((Command.Unknown)said.Command),
    };

    private CardText WhoAmI(ChatMessage message, RoleAnswer role)
    {
        var may = role switch
        {
            { IsAdministrator: true } => "You may approve and deny, set any run mode, create, edit, pause, resume and delete plans, stop and start, and choose channels.",
            _ when role.IsAtLeast(Role.StandardUser) => "You may set run modes to Review, stop, have a resource or an incident investigated, and propose a restart; whatever comes of it asks an Administrator.",
            _ when role.IsAtLeast(Role.Reader) => settings.Roles.StandardUserGroups.Count == 0
                ? "You may look; and in a channel of a team that has this bot, stop and set run modes to Review."
                : "You may look.",
            _ => "You may do nothing here.",
        };
        return CardText.Of($"{role.Says} {may}\n\nObject id {message.Actor.ObjectId ?? "unknown"}, tenant {message.Actor.TenantId}.");
    }

    private CardText Approvers()
    {
        var groups = settings.Roles.AdministratorGroups;
        var named = groups.Count > 0 ? CardText.Of($"members of {(groups.Count == 1 ? "the group" : "the groups")} {string.Join(", ", groups)}") : CardText.Empty;
        var role = settings.Roles.AdministratorAppRole is { } value ? CardText.Of($"holders of the app role {value}") : CardText.Empty;
        return settings.ApproversConfigured
            ? CardText.Of($"Only Administrators approve: {CardText.Join(" and ", [named, role])}. Microsoft Graph is asked at each click; `whoami` tells what you are.")
            : CardText.Of($"Nobody: no approvers are configured (`Roles:Administrator:Groups`), so nothing can be approved.");
    }

    private static CardText Unknown(Command.Unknown unknown) => !unknown.Accepted.IsEmpty
        ? CardText.Of($"I could not read that. {unknown.Accepted}")
        : CardText.Of($"I don't know that. Perhaps: {CardText.Join(", ", unknown.Nearest.Select(n => CardText.Of($"{n}")))}. Write `help` for all commands.");
}
