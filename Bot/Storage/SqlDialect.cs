using System.Text.RegularExpressions;

namespace RunModes.Bot.Storage;

/// <summary>The few places in which SQLite and PostgreSQL do not read the same text.</summary>
internal abstract partial class SqlDialect
{
    private SqlDialect() { }

    public static SqlDialect Sqlite { get; } = new OfSqlite();

    public static SqlDialect PostgreSql { get; } = new OfPostgreSql();

    public abstract string Text(string sql);

    public abstract string Schema(string sql);

    /// <summary>Ends a SELECT whose rows others may read, and share in the same way, but not change before this transaction ends.</summary>
    public abstract string ForShare { get; }

    /// <summary>Ends a SELECT whose rows nobody else may change, nor hold in any way, before this transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Ends a SELECT of rows to take, past those that somebody else is taking.</summary>
    public abstract string ForTaking { get; }

    /// <summary>Takes @name until the transaction ends; null where a writer is alone anyway.</summary>
    public abstract string? Lock { get; }

    private sealed class OfSqlite : SqlDialect
    {
        public override string ForShare => "";

        public override string ForUpdate => "";

        public override string ForTaking => "";

        public override string? Lock => null;

        public override string Text(string sql) => sql;

        public override string Schema(string sql) => sql;
    }

    private sealed partial class OfPostgreSql : SqlDialect
    {
        public override string ForShare => " FOR SHARE";

        // Not the strongest one: a row that is only referred to by a new row of another table stays free for that.
        public override string ForUpdate => " FOR NO KEY UPDATE";

        public override string ForTaking => " FOR NO KEY UPDATE SKIP LOCKED";

        public override string? Lock => "SELECT pg_advisory_xact_lock(hashtextextended(@name, 0))";

        /// <summary>Dapper hands a list over as one array here, and writes it out as (@a1, @a2 …) there.</summary>
        public override string Text(string sql) => AmongList().Replace(sql, "= ANY(@$1)");

        /// <summary>SQLite's INTEGER holds 64 bits.</summary>
        public override string Schema(string sql) => Integer().Replace(sql, "BIGINT");

        [GeneratedRegex(@"\bIN @(\w+)")]
        private static partial Regex AmongList();

        [GeneratedRegex(@"\bINTEGER\b")]
        private static partial Regex Integer();
    }
}
