using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>Audit rows: appended with their MAC in the transaction they tell about, given their place in the chain later, never changed otherwise.</summary>
internal sealed class AuditTable(AuditKey key, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private long _written;

    public Task Append(SqlTransaction unit, AuditEntry entry)
    {
        var row = entry.Sign(key);
        return unit.Execute(
            "INSERT INTO audit (id, written, document, mac) VALUES (@id, @written, @document, @mac)",
            new { id = entry.Id.ToString("D"), written = Next(), document = Sql.Write(Document.Of(entry)), mac = row.Mac });
    }

    public static async Task<IReadOnlyList<AuditRow>> Rows(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT id, document, mac, chain, hash FROM audit WHERE {where}", values)).Select(r => r.Audit())];

    /// <summary>Rises with every row of this process, and across processes with the clock.</summary>
    private long Next()
    {
        lock (_gate)
        {
            return _written = Math.Max(_written + 1, clock.GetUtcNow().Ms() << 16);
        }
    }

    private sealed record Row(string Id, string Document, string Mac, long? Chain, string? Hash)
    {
        /// <summary>The column's id is the row's; a document that was altered past reading still has its place, and a MAC that does not verify.</summary>
        public AuditRow Audit()
        {
            // As it was written or not at all: another spelling of the same id was put there by somebody else.
            var id = Guid.TryParseExact(Id, "D", out var parsed) && parsed.ToString("D") == Id ? parsed : Guid.Empty;
            try
            {
                return new(Sql.Read<Document>(Document).Entry(id), Mac, Chain, Hash);
            }
            catch (Exception e) when (e is System.Text.Json.JsonException or InvalidDataException or ArgumentException)
            {
                return new(new AuditEntry(id, DateTimeOffset.UnixEpoch, AuditKind.Unknown, AuditActor.Bot, new("audit", "unreadable")), Mac, Chain, Hash);
            }
        }
    }

    private sealed record Document(long At, AuditKind Kind, string? Tenant, string? ObjectId, string? Name, string SubjectKind, string SubjectId, string? Before, string? After, string? Detail)
    {
        public static Document Of(AuditEntry e) => new(
            e.At.Ms(), e.Kind, e.Actor.TenantId, e.Actor.ObjectId, e.Actor.Name, e.Subject.Kind, e.Subject.Id, e.Before, e.After, e.Detail);

        public AuditEntry Entry(Guid id) => new(id, At.Time(), Kind, new(Tenant, ObjectId, Name), new(SubjectKind, SubjectId), Before, After, Detail);
    }
}
