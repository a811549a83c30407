using System.Data;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>A unit of work on a connection: what every table of this folder speaks SQL through.</summary>
/// <param name="audit">Null in a read.</param>
internal sealed class SqlTransaction(IDbConnection connection, IDbTransaction? transaction, AuditTable? audit, SqlDialect dialect) : ITransaction
{
    public IDbConnection Connection => connection;

    /// <summary>Ends a SELECT of rows that this transaction may change: in a write they stay as they were read. Empty in a read.</summary>
    public string Held => audit is null ? "" : dialect.ForUpdate;

    /// <summary>Ends a SELECT of rows that this transaction relies on: in a write nobody changes them before it ends. Empty in a read.</summary>
    public string Shared => audit is null ? "" : dialect.ForShare;

    /// <summary>Ends a SELECT of rows to take: one that somebody else is taking is passed over.</summary>
    public string Taken => dialect.ForTaking;

    public Task Append(AuditEntry entry) => audit?.Append(this, entry) ?? throw new InvalidOperationException("A read writes no audit.");

    public Task Lock(string name) => dialect.Lock is { } sql && audit is not null ? connection.ExecuteAsync(sql, new { name }, transaction) : Task.CompletedTask;

    public Task<int> Execute(string sql, object? values = null) => connection.ExecuteAsync(dialect.Text(sql), values, transaction);

    public Task<T?> One<T>(string sql, object? values = null) => connection.QuerySingleOrDefaultAsync<T>(dialect.Text(sql), values, transaction);

    public async Task<IReadOnlyList<T>> Many<T>(string sql, object? values = null) => [.. await connection.QueryAsync<T>(dialect.Text(sql), values, transaction)];
}

internal static class Sql
{
    /// <summary>Null members are left out and unknown ones ignored, so that rows of an older version stay readable for ever.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // Nulls are never written: one where none belongs was put there by somebody else.
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(allowIntegerValues: false) },
    };

    /// <summary>Each row by itself: one that cannot be read is noted, and passed over.</summary>
    public static IReadOnlyList<T> Readable<TRow, T>(this Unreadable unreadable, IReadOnlyList<TRow> rows, Func<TRow, string> subject, Func<TRow, T> read)
    {
        List<T> readable = new(rows.Count);
        foreach (var row in rows)
        {
            try
            {
                readable.Add(read(row));
                unreadable.Mended(subject(row));
            }
            catch (Exception e) when (e is JsonException or InvalidDataException or ArgumentException or NotSupportedException)
            {
                // Not what it says: a store may hold anything.
                unreadable.Found(subject(row), e.GetType().Name);
            }
        }

        return readable;
    }

    public static SqlTransaction Unit(this ITransaction transaction) => (SqlTransaction)transaction;

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Json);

    public static T Read<T>(string document) =>
        JsonSerializer.Deserialize<T>(document, Json) ?? throw new InvalidDataException($"A stored {typeof(T).Name} is empty.");

    public static long Ms(this DateTimeOffset at) => at.ToUnixTimeMilliseconds();

    public static DateTimeOffset Time(this long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
