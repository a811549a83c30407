using System.Diagnostics.CodeAnalysis;

namespace RunModes.Bot.Proposals;

/// <summary>
/// An Azure resource, resource group or subscription, accepted by one strict grammar. Ids arrive in alerts, which anybody may have written,
/// and end in URLs that carry a token: whatever the grammar does not know is refused, never escaped.
/// </summary>
[System.Text.Json.Serialization.JsonConverter(typeof(ResourceIdJson))]
internal sealed class ResourceId : IEquatable<ResourceId>
{
    private const int LongestId = 1024;
    private const int LongestSegment = 260;
    private static readonly System.Buffers.SearchValues<char> NameCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.()");

    private readonly string[] _segments;

    private ResourceId(string[] segments, string? type)
    {
        _segments = segments;
        Value = "/" + string.Join('/', segments);
        Key = Value.ToLowerInvariant();
        ResourceType = type;
    }

    /// <summary>As written by its source, without a trailing slash.</summary>
    public string Value { get; }

    /// <summary>Compares resources: Azure ids ignore case.</summary>
    public string Key { get; }

    public string SubscriptionId => _segments[1];

    public string? ResourceGroup => _segments.Length > 3 ? _segments[3] : null;

    /// <summary>"Microsoft.Web/sites", "Microsoft.Web/sites/slots"; null for a group or a subscription.</summary>
    public string? ResourceType { get; }

    public string Name => _segments[^1];

    /// <summary>"app-service-prod/staging": a child says whose it is.</summary>
    public string NameInFull => Parent is { } parent ? $"{parent.NameInFull}/{Name}" : Name;

    /// <summary>The resource a slot or an instance belongs to; null for what belongs to nothing but its group.</summary>
    public ResourceId? Parent => _segments.Length > 8 ? new(_segments[..^2], ResourceType![..ResourceType!.LastIndexOf('/')]) : null;

    public ResourceId Subscription => new(_segments[..2], null);

    public ResourceId? Group => _segments.Length > 3 ? new(_segments[..4], null) : null;

    public bool IsResource => ResourceType is not null;

    public bool IsOfType(string type) => string.Equals(ResourceType, type, StringComparison.OrdinalIgnoreCase);

    /// <summary>Equal, above or below: a lock, a stop or another proposal there concerns this resource too.</summary>
    public bool Overlaps(ResourceId other) => Contains(other) || other.Contains(this);

    public bool Contains(ResourceId other) =>
        other.Key.StartsWith(Key, StringComparison.Ordinal) && (other.Key.Length == Key.Length || other.Key[Key.Length] == '/');

    public static ResourceId Parse(string text) =>
        TryParse(text, out var id, out var why) ? id : throw new FormatException($"Not an Azure resource id: {why}");

    public static bool TryParse(string? text, [NotNullWhen(true)] out ResourceId? id, [NotNullWhen(false)] out string? why)
    {
        id = null;
        why = Refusal(text, out var segments, out var type);
        if (why is not null)
        {
            return false;
        }

        id = new ResourceId(segments, type);
        return true;
    }

    public bool Equals(ResourceId? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as ResourceId);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;

    private static string? Refusal(string? text, out string[] segments, out string? type)
    {
        segments = [];
        type = null;
        if (string.IsNullOrEmpty(text) || text.Length > LongestId || text[0] != '/')
        {
            return "it must start with /subscriptions/ and be at most 1,024 characters long";
        }

        segments = text[1..].Split('/');
        if (segments.Length > 2 && segments[^1].Length == 0)
        {
            segments = segments[..^1];
        }

        foreach (var segment in segments)
        {
            if (segment.Length is 0 or > LongestSegment || segment is "." or ".." || segment.Contains("..", StringComparison.Ordinal)
                || segment.AsSpan().ContainsAnyExcept(NameCharacters))
            {
                return "a segment is empty, too long or holds a character that no Azure name has";
            }
        }

        if (!Is(segments[0], "subscriptions") || segments.Length < 2 || !Guid.TryParseExact(segments[1], "D", out _))
        {
            return "it must start with /subscriptions/ and a subscription GUID";
        }

        if (segments.Length == 2)
        {
            return null;
        }

        if (segments.Length < 4 || !Is(segments[2], "resourceGroups"))
        {
            return "after the subscription comes /resourceGroups/ and a name";
        }

        return segments.Length == 4 ? null : ProviderRefusal(segments, out type);
    }

    /// <summary>One provider and its type/name pairs. Extension resources (a second "providers") are refused: nothing here acts on them.</summary>
    private static string? ProviderRefusal(string[] segments, out string? type)
    {
        type = null;
        if (!Is(segments[4], "providers") || segments.Length < 8 || segments.Length % 2 != 0 || !segments[5].Contains('.', StringComparison.Ordinal))
        {
            return "after the group comes /providers/ and a namespace, then pairs of type and name";
        }

        var types = new List<string> { segments[5] };
        for (var i = 6; i < segments.Length; i += 2)
        {
            if (Is(segments[i], "providers"))
            {
                return "an extension of another resource is not a target";
            }

            types.Add(segments[i]);
        }

        type = string.Join('/', types);
        return null;
    }

    private static bool Is(string segment, string word) => segment.Equals(word, StringComparison.OrdinalIgnoreCase);
}
