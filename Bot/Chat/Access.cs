using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>Who may say what, asked of Microsoft Graph for each message and each click.</summary>
internal sealed class Access(RoleLookup roles, ChatSettings settings, Pace pace)
{
    public PaceAnswer Take(Actor actor) => pace.Take(actor);

    public Task<RoleAnswer> Look(Actor actor, CancellationToken cancellation) => roles.Look(new Person(actor.TenantId, actor.ObjectId, actor.Name), cancellation);

    /// <returns>Null when they may.</returns>
    public async Task<string?> Refusal(ITransaction transaction, Command command, RoleAnswer role, Conversation where, IConversations conversations)
    {
        var (least, doing) = command.Needs;
        if (least == Role.None || role.IsAtLeast(least) || (command.Tightens && await MayTighten(transaction, role, where, conversations)))
        {
            return null;
        }

        return role.Refusal(least, doing);
    }

    public async Task<bool> MayTighten(ITransaction transaction, RoleAnswer role, Conversation where, IConversations conversations) =>
        role.IsAtLeast(Role.StandardUser) || (role.IsAtLeast(Role.Reader) && await MayLower(transaction, where, conversations));

    /// <summary>Where settings name no Standard Users, the people of the team are trusted to stop and to lower, and with nothing more.</summary>
    private async Task<bool> MayLower(ITransaction transaction, Conversation where, IConversations conversations) =>
        settings.Roles.StandardUserGroups.Count == 0 && where is { Kind: ConversationKind.Channel, TeamId: { } team } && await conversations.Find(transaction, team) is not null;
}
