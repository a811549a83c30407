using System.Text.Json;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Teams;

/// <summary>What the Bot Connector posts, reduced to what is read here. Unknown members are skipped; a known one of the wrong shape, or given twice, makes the body malformed.</summary>
internal sealed record Activity
{
    public string? Type { get; init; }
    public string? Id { get; init; }
    public string? ServiceUrl { get; init; }
    public string? ChannelId { get; init; }
    public Account? From { get; init; }
    public Account? Recipient { get; init; }
    public ConversationAccount? Conversation { get; init; }
    public string? Text { get; init; }
    public IReadOnlyList<Entity?>? Entities { get; init; }
    public JsonElement? Value { get; init; }
    public string? Name { get; init; }
    public string? ReplyToId { get; init; }
    public string? Action { get; init; }
    public IReadOnlyList<Account?>? MembersAdded { get; init; }
    public IReadOnlyList<Account?>? MembersRemoved { get; init; }
    public TeamsChannelData? ChannelData { get; init; }

    /// <summary>The body is not covered by the token's signature, so every place that names a tenant must agree.</summary>
    public IEnumerable<string> Tenants()
    {
        string?[] named =
        [
            Conversation?.TenantId, ChannelData?.Tenant?.Id, ChannelData?.Team?.TenantId, ChannelData?.Channel?.TenantId,
            From?.TenantId, Recipient?.TenantId,
        ];
        return named.OfType<string>();
    }
}

internal sealed record Account(string? Id, string? Name, string? AadObjectId, string? TenantId);

internal sealed record ConversationAccount(string? Id, string? ConversationType, string? TenantId, string? Name);

internal sealed record Entity(string? Type, Account? Mentioned, string? Text);

internal sealed record TeamsChannelData(NamedId? Tenant, NamedId? Team, NamedId? Channel);

internal sealed record NamedId(string? Id, string? Name, string? Type, string? TenantId);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = 32,
    AllowDuplicateProperties = false,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Activity))]
internal sealed partial class ActivityJson : JsonSerializerContext;
