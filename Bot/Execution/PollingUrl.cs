using System.Buffers;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Execution;

/// <summary>
/// Where Azure says how a long-running operation fares. Such a URL carries a certificate and a signature: it is a secret, is sent again byte for
/// byte as it came, and prints as a placeholder wherever somebody prints it.
/// </summary>
internal sealed class PollingUrl
{
    /// <summary>Real ones have a little over 3,200 characters.</summary>
    private const int Longest = 16_384;
    private const int Telling = 10;

    // Printable ASCII without what a URL may not hold: nothing here can end a request line, and a backslash is a slash to some.
    private static readonly SearchValues<char> Refused =
        SearchValues.Create([.. Enumerable.Range(0, 33).Select(c => (char)c), .. Enumerable.Range(127, 65_536 - 127).Select(c => (char)c), '#', '\\']);

    private readonly string _value;

    private PollingUrl(string value, Uri address)
    {
        _value = value;
        Address = address;
    }

    /// <summary>For the request alone. It is not normalised: what was escaped stays escaped, in the same letters.</summary>
    [JsonIgnore]
    public Uri Address { get; }

    /// <returns>Null: it is no URL of exactly this Azure, and the agent's token must not go there.</returns>
    public static PollingUrl? Of(string? text, ArmEndpoint endpoint) =>
        text is { Length: > 0 and <= Longest } && text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !text.AsSpan().ContainsAny(Refused)
        && Uri.TryCreate(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var address) && endpoint.Owns(address)
            ? new(text, address)
            : null;

    /// <summary>For the store, which seals it.</summary>
    public string Reveal() => _value;

    /// <summary>Takes every word out of a text that shares more than a little with this URL's query, as written, decoded or escaped once more: servers echo, and cut off.</summary>
    public string Scrub(string text)
    {
        var mark = _value.IndexOf('?', StringComparison.Ordinal);
        if (mark < 0)
        {
            return text;
        }

        var query = _value[(mark + 1)..];
        var pieces = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var written in new[] { query, Uri.UnescapeDataString(query), Uri.EscapeDataString(query) })
        {
            foreach (var value in written.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]))
            {
                pieces.UnionWith(Pieces(value));
            }
        }

        return string.Join(' ', text.Split((char[]?)null).Select(word => Pieces(word).Any(pieces.Contains) ? "[removed]" : word));
    }

    private static IEnumerable<string> Pieces(string text) => Enumerable.Range(0, Math.Max(0, text.Length - Telling + 1)).Select(at => text.Substring(at, Telling));

    public override string ToString() => "[polling URL]";
}
