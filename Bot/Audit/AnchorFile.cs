using System.Globalization;
using System.Text;

namespace RunModes.Bot.Audit;

/// <summary>One line of the anchor file: at <paramref name="At"/> the chain ended at <paramref name="Place"/>. Each line signs the one before it.</summary>
internal sealed record Anchor(DateTimeOffset At, ChainPlace Place, string Mac)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static Anchor Make(AuditKey key, DateTimeOffset at, ChainPlace place, Anchor? previous)
    {
        var whole = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        return new Anchor(whole, place, key.Mac(AuditPurpose.Anchor, Fields(whole, place, previous)));
    }

    public bool Verify(AuditKey key, Anchor? previous) => key.Verify(AuditPurpose.Anchor, Mac, Fields(At, Place, previous));

    public override string ToString() => $"{Time(At)} {CanonicalFields.Number(Place.Number)} {Place.Hash} {Mac}";

    public static Anchor? Parse(string line)
    {
        var invariant = CultureInfo.InvariantCulture;
        return line.Split(' ') is [var time, var number, { Length: 64 } hash, { Length: 64 } mac]
            && DateTimeOffset.TryParseExact(time, TimeFormat, invariant, DateTimeStyles.AssumeUniversal, out var at)
            && long.TryParse(number, NumberStyles.None, invariant, out var chain)
                ? new Anchor(at, new ChainPlace(chain, hash), mac)
                : null;
    }

    private static string[] Fields(DateTimeOffset at, ChainPlace place, Anchor? previous) =>
        [Time(at), CanonicalFields.Number(place.Number), place.Hash, previous?.Mac ?? ""];

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}

/// <summary>
/// Anchors beside the store, appended and synced, one a line. A copy kept on another machine is what makes even the removal of store and anchors together visible.
/// </summary>
internal sealed class AnchorFile(string path)
{
    public string Path { get; } = path;

    /// <summary>All whole lines, oldest first; a line that was cut off while being written never was an anchor.</summary>
    public IEnumerable<string> Lines()
    {
        if (!File.Exists(Path)) yield break;
        using var reader = new StreamReader(new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), Encoding.UTF8);
        var line = new StringBuilder();
        for (int c; (c = reader.Read()) >= 0;)
        {
            if (c != '\n') { line.Append((char)c); continue; }
            yield return line.ToString();
            line.Clear();
        }
    }

    /// <summary>The newest line that reads as an anchor.</summary>
    public Anchor? Last() => Newest(Tail()) ?? Newest(Lines());

    public void Append(Anchor anchor)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(Path, options);
        file.SetLength(EndOfLastLine(file));
        file.Seek(0, SeekOrigin.End);
        file.Write(Encoding.ASCII.GetBytes($"{anchor}\n"));
        file.Flush(flushToDisk: true);
    }

    private static Anchor? Newest(IEnumerable<string> lines) => lines.Select(Anchor.Parse).LastOrDefault(anchor => anchor is not null);

    /// <summary>The last few lines: the file grows for years and is asked every few seconds.</summary>
    private string[] Tail()
    {
        if (!File.Exists(Path)) return [];
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, 2048), SeekOrigin.End);
        using var reader = new StreamReader(file, Encoding.UTF8);
        return reader.ReadToEnd().Split('\n')[..^1];
    }

    private static long EndOfLastLine(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n') return end;
        }

        return 0;
    }
}
