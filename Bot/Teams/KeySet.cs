using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Teams;

/// <param name="ForTeams">The key is endorsed for the Teams channel; a key without endorsements is for none.</param>
internal sealed record BotKey(SecurityKey Key, bool ForTeams);

/// <summary>One published set of signing keys, with the tokens that passed under it: a new set starts with none.</summary>
internal sealed class KeySet
{
    private readonly Dictionary<string, BotKey> _keys = new(StringComparer.Ordinal);

    public KeySet(JsonWebKeySet published)
    {
        // The endorsements are only on the JSON keys, not on the security keys the metadata reader makes of them.
        foreach (var key in published.Keys.Where(key => key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.Use is null or "" or "sig" && key.Kid is { Length: > 0 }))
            _keys.TryAdd(key.Kid, new(key, Endorses(key, ActivityGate.Teams)));
    }

    public bool IsEmpty => _keys.Count == 0;

    public PassedTokens Passed { get; } = new();

    public BotKey? Find(string keyId) => _keys.GetValueOrDefault(keyId);

    private static bool Endorses(JsonWebKey key, string channel) =>
        key.AdditionalData.TryGetValue("endorsements", out var value) && value switch
        {
            JsonElement { ValueKind: JsonValueKind.Array } array =>
                array.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.ValueEquals(channel)),
            IEnumerable<object> items => items.Any(item => item is string text && text == channel),
            _ => false,
        };
}
