using RunModes.Bot.Chat;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>From the wire's names of places and people to ours. In a channel the wire glues the thread to the conversation id; here they are two things.</summary>
internal static class ConversationReader
{
    private const string ThreadMark = ";messageid=";

    public static Conversation? Where(Activity activity)
    {
        if (activity is not { Conversation.Id: { Length: > 0 } id, Recipient.Id: { Length: > 0 } bot } || Bare(id) is not { Length: > 0 } bare || bare.Any(char.IsControl))
            return null;
        var kind = activity.Conversation.ConversationType?.ToUpperInvariant() switch
        {
            "PERSONAL" => ConversationKind.Personal,
            "GROUPCHAT" => ConversationKind.GroupChat,
            "CHANNEL" => ConversationKind.Channel,
            _ => ConversationKind.Unknown,
        };
        var (team, channel) = (activity.ChannelData?.Team, activity.ChannelData?.Channel);
        return new(
            bare, kind, new Uri(activity.ServiceUrl!), activity.Tenants().First(), bot,
            team?.Id,
            kind == ConversationKind.Channel ? bare : null,
            channel?.Name ?? team?.Name ?? activity.Conversation.Name);
    }

    /// <summary>An app is installed in a team as a whole; its General channel carries the team's id.</summary>
    public static Conversation? WhereInstalled(Activity activity) =>
        Where(activity) is not { } where ? null
        : where.TeamId is not { Length: > 0 } team ? where
        : where with { Id = team, Kind = ConversationKind.Channel, ChannelId = team, Name = activity.ChannelData?.Team?.Name ?? where.Name };

    /// <param name="otherwise">The message that stands for its own thread when the conversation id names none.</param>
    public static string? Root(Activity activity, Conversation where, string? otherwise) =>
        where.Kind == ConversationKind.Channel ? RootIn(activity.Conversation!.Id!) ?? otherwise : null;

    /// <summary>Null without a sender. A person is known by a GUID; the Playground's are only practice.</summary>
    public static Actor? Who(Activity activity, bool sandbox) =>
        activity.From is not { Id: { Length: > 0 } mri } from || mri == activity.Recipient?.Id
            ? null
            : new(activity.Tenants().First(), sandbox || Guid.TryParse(from.AadObjectId, out _) ? from.AadObjectId : null, mri, from.Name);

    /// <summary>The conversation id of one thread of a channel.</summary>
    public static string Thread(string conversationId, string rootId) => $"{Bare(conversationId)}{ThreadMark}{rootId}";

    /// <summary>The root post named by a conversation id, if any.</summary>
    public static string? RootIn(string conversationId) =>
        conversationId.IndexOf(ThreadMark, StringComparison.OrdinalIgnoreCase) is >= 0 and var mark
        && conversationId[(mark + ThreadMark.Length)..] is { Length: > 0 } root ? root : null;

    private static string Bare(string conversationId) =>
        conversationId.IndexOf(ThreadMark, StringComparison.OrdinalIgnoreCase) is >= 0 and var mark ? conversationId[..mark] : conversationId;
}
