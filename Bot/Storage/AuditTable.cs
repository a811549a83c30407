using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>Audit rows: appended with their MAC in the transaction they tell about, given their place in the chain later, never changed otherwise.</summary>
internal sealed class AuditTable(AuditKey key, TimeProvider clock)
{
    private long _written;

    public Task Append(SqlTransaction unit, AuditEntry entry)
    {
        var row = entry.Sign(key);
        return unit.Execute(
            "INSERT INTO audit (id, written, document, mac) VALUES (@id, @written, @document, @mac)",
            new { id = entry.Id.ToString("D"), written = Next(), document = Sql.Write(Document.Of(entry)), mac = row.Mac });
    }

    public static async Task<IReadOnlyList<AuditRow>> Rows(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT document, mac, chain, hash FROM audit WHERE {where}", values)).Select(r => r.Audit())];

    /// <summary>Rises with every row of this process, and across processes with the clock.</summary>
    private long Next()
    {
        var next = Math.Max(Interlocked.Read(ref _written) + 1, clock.GetUtcNow().Ms() << 16);
        Interlocked.Exchange(ref _written, next);
        return next;
    }

    private sealed record Row(string Document, string Mac, long? Chain, string? Hash)
    {
        public AuditRow Audit() => new(Sql.Read<Document>(Document).Entry(), Mac, Chain, Hash);
    }

    private sealed record Document(Guid Id, long At, AuditKind Kind, string? Tenant, string? ObjectId, string? Name, string SubjectKind, string SubjectId, string? Before, string? After, string? Detail)
    {
        public static Document Of(AuditEntry e) => new(
            e.Id, e.At.Ms(), e.Kind, e.Actor.TenantId, e.Actor.ObjectId, e.Actor.Name, e.Subject.Kind, e.Subject.Id, e.Before, e.After, e.Detail);

        public AuditEntry Entry() => new(Id, At.Time(), Kind, new(Tenant, ObjectId, Name), new(SubjectKind, SubjectId), Before, After, Detail);
    }
}
