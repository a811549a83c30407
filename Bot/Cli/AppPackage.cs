using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Cli;

/// <summary>What differs from one installation to the next; null keeps what stands in <c>manifest/manifest.json</c>.</summary>
/// <param name="AppId">Client id of the bot's identity: the id of the app and of its bot.</param>
internal sealed record AppIdentity(Guid AppId, string? Name, string? Version, Publisher Publisher);

/// <summary>Who runs this bot, with their own pages.</summary>
internal sealed record Publisher(string? Name, Uri? Website, Uri? Privacy, Uri? Terms);

/// <summary>
/// The Teams app as one zip. Manifest and icons are compiled in, so that the published bot needs no clone. The same identity gives the same bytes:
/// fixed times and order, nothing compressed (the icons are, already), so that a rebuilt package can be compared with the one in use.
/// </summary>
internal static class AppPackage
{
    private const string ManifestName = "manifest.json";
    private static readonly string[] Icons = ["color.png", "outline.png"];
    private static readonly DateTimeOffset Epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Build(AppIdentity identity)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, ManifestName, JsonSerializer.SerializeToUtf8Bytes(Manifest(identity), Indented));
            foreach (var icon in Icons)
            {
                Add(zip, icon, Compiled(icon));
            }
        }

        return bytes.ToArray();
    }

    public static JsonNode Manifest(AppIdentity identity)
    {
        var manifest = JsonNode.Parse(Compiled(ManifestName))!;
        manifest["id"] = $"{identity.AppId:D}";
        foreach (var bot in manifest["bots"]!.AsArray())
        {
            bot!["botId"] = $"{identity.AppId:D}";
        }

        Set(manifest, "version", identity.Version);
        Set(manifest["name"]!, "short", identity.Name);
        var developer = manifest["developer"]!;
        Set(developer, "name", identity.Publisher.Name);
        Set(developer, "websiteUrl", identity.Publisher.Website?.AbsoluteUri);
        Set(developer, "privacyUrl", identity.Publisher.Privacy?.AbsoluteUri);
        Set(developer, "termsOfUseUrl", identity.Publisher.Terms?.AbsoluteUri);
        return manifest;
    }

    private static void Set(JsonNode node, string key, string? value)
    {
        if (value is not null)
        {
            node[key] = value;
        }
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
        entry.LastWriteTime = Epoch;
        using var stream = entry.Open();
        stream.Write(content);
    }

    private static byte[] Compiled(string name)
    {
        using var stream = typeof(AppPackage).Assembly.GetManifestResourceStream($"manifest/{name}") ?? throw new InvalidOperationException($"manifest/{name} is not compiled in.");
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}
