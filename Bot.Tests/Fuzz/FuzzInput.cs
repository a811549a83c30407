using System.Net.Http.Headers;
using System.Text;

namespace RunModes.Bot.Tests.Fuzz;

/// <summary>One request of a fuzz run; family and seed make it again.</summary>
internal sealed record FuzzInput(string Family, int Seed, string Path, byte[] Body)
{
    private const int Shown = 3_000;

    public string? ContentType { get; init; } = "application/json";

    public bool Chunked { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>The caller is not who they say: only these answers are right, and nothing is stored.</summary>
    public IReadOnlyList<int>? Only { get; init; }

    public HttpRequestMessage Request()
    {
        var content = Chunked ? (HttpContent)new StreamContent(new MemoryStream(Body)) : new ByteArrayContent(Body);
        if (ContentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative)) { Content = content };
        if (Chunked)
        {
            request.Headers.TransferEncodingChunked = true;
        }

        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public static (string, string) Bearer(string token) => ("Authorization", new AuthenticationHeaderValue("Bearer", token).ToString());

    public override string ToString()
    {
        var text = Encoding.Latin1.GetString(Body.AsSpan(0, Math.Min(Body.Length, Shown)));
        return $"{Family} seed {Seed}: POST {Path.Split('?')[0]} {ContentType}{(Chunked ? " chunked" : "")}, {Body.Length} bytes: {text}{(Body.Length > Shown ? "…" : "")}";
    }
}

/// <summary>What a fuzz run found, for a table: of <paramref name="Tried"/> inputs, <paramref name="Answered"/> got a 2xx answer, and <paramref name="Accepted"/> changed what nobody may change that way.</summary>
internal sealed record FuzzFigures(string Family, int Tried, int Answered, int Accepted)
{
    public override string ToString() => $"{Family}: {Tried} forged inputs, {Answered} answered, {Tried - Answered} refused, {Accepted} accepted";
}
