using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>Who asks for a change, what the directory says they are, and where: a confirmation is theirs alone, in that conversation.</summary>
internal sealed record Asker(Who By, RoleAnswer Role, Conversation Where, string? RootId)
{
    /// <summary>Of a person whose object id is known; nobody else gets a role.</summary>
    public static Asker Of(Actor actor, RoleAnswer role, Conversation where, string? rootId) =>
        new(new(actor.TenantId, actor.ObjectId!, actor.Name ?? actor.ObjectId!), role, where, rootId);
}

/// <summary>A command, the message it was read from, and what the directory says of whoever wrote it.</summary>
internal sealed record Said(Command Command, ChatMessage Message, RoleAnswer Role)
{
    public Asker Asker => Asker.Of(Message.Actor, Role, Message.Conversation, Message.RootId);
}
