using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RunModes.Bot.Audit;

/// <summary>The audit as people and programs read it: one line an entry, oldest first, entries that wait for their place at the end.</summary>
internal static class AuditPrinter
{
    private const int Page = 500;
    private const int LongestDetail = 300;

    public static async Task Print(IAuditLog log, TextWriter to, bool json, CancellationToken cancellation)
    {
        if (!json) await to.WriteLineAsync($"{"entry",7}  {"time (UTC)",-23}  {"who",-24}  {"what",-22}  subject: before → after");
        long chain = 0;
        while (await log.ReadSealed(chain, Page, cancellation) is { Count: > 0 } rows)
        {
            foreach (var row in rows) await to.WriteLineAsync(json ? Json(row) : Line(row));
            chain = rows[^1].Chain ?? long.MaxValue;
        }

        // Read whole: paging needs a place in the chain, and the sealer keeps these few.
        foreach (var row in await log.ReadUnsealed(int.MaxValue, cancellation)) await to.WriteLineAsync(json ? Json(row) : Line(row));
    }

    public static string Line(AuditRow row)
    {
        var entry = row.Entry;
        var line = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{(row.Chain is { } chain ? CanonicalFields.Number(chain) : "-"),7}  ")
            .Append(entry.At.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture)).Append("  ")
            .Append(CultureInfo.InvariantCulture, $"{Who(entry.Actor),-24}  {What(entry.Kind),-22}  {Plain(entry.Subject.ToString())}");
        if (entry.Before is not null || entry.After is not null)
            line.Append(": ").Append(Plain(entry.Before ?? "(none)")).Append(" → ").Append(Plain(entry.After ?? "(none)"));
        if (entry.Detail is { } detail)
            line.Append("  ").Append(Plain(detail.Length <= LongestDetail ? detail : detail[..LongestDetail] + "…"));
        return line.ToString();
    }

    /// <summary>Complete: signature and hash can be checked again from it.</summary>
    public static string Json(AuditRow row)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            if (row.Chain is { } chain) json.WriteNumber("chain", chain);
            else json.WriteNull("chain");
            json.WriteString("id", row.Entry.Id);
            json.WriteString("at", row.Entry.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("kind", row.Entry.Kind.ToString());
            json.WriteStartObject("actor");
            json.WriteString("tenant", row.Entry.Actor.TenantId);
            json.WriteString("oid", row.Entry.Actor.ObjectId);
            json.WriteString("name", row.Entry.Actor.Name);
            json.WriteEndObject();
            json.WriteStartObject("subject");
            json.WriteString("kind", row.Entry.Subject.Kind);
            json.WriteString("id", row.Entry.Subject.Id);
            json.WriteEndObject();
            json.WriteString("before", row.Entry.Before);
            json.WriteString("after", row.Entry.After);
            json.WriteString("detail", row.Entry.Detail);
            json.WriteString("mac", row.Mac);
            json.WriteString("hash", row.Hash);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    /// <summary>What <c>audit verify</c> prints: the findings, then what the result is worth.</summary>
    public static string Report(AuditReport report)
    {
        var text = new StringBuilder();
        foreach (var finding in report.Findings) text.Append(finding.Trouble).Append(": ").AppendLine(Plain(finding.Text));
        if (report.FindingCount > report.Findings.Count)
            text.AppendLine(CultureInfo.InvariantCulture, $"… and {report.FindingCount - report.Findings.Count} more.");
        text.AppendLine(report.Intact
            ? string.Create(CultureInfo.InvariantCulture, $"Intact: {report.Entries} chained entries verified.")
            : string.Create(CultureInfo.InvariantCulture, $"TAMPERED: {report.FindingCount} findings in {report.Entries} chained entries."));
        return text.AppendLine(report.Bound).ToString();
    }

    /// <summary>Control, direction and other invisible characters written out: a stored text can neither forge a line nor turn one round.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHidden(rune)) plain.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:X4}}}");
            else if (rune.Value == '\\') plain.Append(@"\\");
            else plain.Append(rune.ToString());
        }

        return plain.ToString();
    }

    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    /// <summary>The name reads, the object id identifies: a person without one is marked.</summary>
    private static string Who(AuditActor actor) => actor switch
    {
        { ObjectId: null, TenantId: null } => Plain(actor.Name ?? "unknown"),
        _ => $"{Plain(actor.Name ?? "(no name)")} <{Plain(actor.ObjectId ?? "no object id")}>",
    };

    private static string What(AuditKind kind)
    {
        var words = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && words.Length > 0) words.Append(' ');
            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
