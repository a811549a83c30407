using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>Audit rows, append-only. Ids sort by time, and within one process in the order they were written.</summary>
internal sealed class AuditTable
{
    private long _last;

    public async Task Append(SqlTransaction unit, AuditEntry entry)
    {
        var document = Sql.Write(entry);
        await unit.Execute(
            "INSERT INTO audit (id, at, document, hmac) VALUES (@id, @at, @document, @hmac)",
            new { id = NextId(entry.At), at = entry.At.Ms(), document, hmac = "" });
    }

    private string NextId(DateTimeOffset at)
    {
        var next = Math.Max(Interlocked.Read(ref _last) + 1, at.Ms() << 16);
        Interlocked.Exchange(ref _last, next);
        return next.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
    }
}
