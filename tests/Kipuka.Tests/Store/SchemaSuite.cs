using System.Data.Common;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>The three engines' migrations make one schema.</summary>
public abstract class SchemaSuite(StoreEngine engine) : StoreSuite(engine)
{
    private protected abstract string Columns { get; }

    [Fact]
    public async Task Tables_and_columns_are_those_of_SQLite()
    {
        await using StoreFixture lite = await StoreFixture.OpenAsync();
        await using StoreFixture here = await OpenAsync();
        List<string> expected = await Read(
            lite,
            """
            SELECT m.name || '.' || c.name || CASE WHEN c."notnull" = 1 OR c.pk > 0 THEN ' NOT NULL' ELSE '' END
            FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'
            """);
        Assert.Equal(expected, await Read(here, Columns));
    }

    private protected abstract string Indexes { get; }

    /// <summary>Table, name where the migrations give one, columns in their order, and whether they are unique, for a part of the rows or for all.</summary>
    [Fact]
    public async Task Indexes_are_those_of_SQLite()
    {
        await using StoreFixture lite = await StoreFixture.OpenAsync();
        await using StoreFixture here = await OpenAsync();
        List<string> expected = await Read(
            lite,
            """
            SELECT m.name || ' ' || CASE i.origin WHEN 'c' THEN i.name ELSE 'key' END || ' ('
                   || (SELECT group_concat(x.name || CASE x."desc" WHEN 1 THEN ' DESC' ELSE '' END, ', ') FROM pragma_index_xinfo(i.name) x WHERE x.key = 1)
                   || ')' || CASE WHEN i."unique" = 0 THEN '' WHEN i.partial = 1 THEN ' UNIQUE IN PART' ELSE ' UNIQUE' END
            FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table'
            UNION ALL
            SELECT m.name || ' key (' || c.name || ') UNIQUE' FROM sqlite_master m, pragma_table_info(m.name) c
            WHERE m.type = 'table' AND c.pk = 1 AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) i WHERE i.origin = 'pk')
            """);
        Assert.Contains("certificates key (id) UNIQUE", expected);
        Assert.Contains("transactions idx_transactions_open (identity, label, request_hash) UNIQUE IN PART", expected);
        Assert.Contains("audit_log idx_audit_log_time (time, node, sequence)", expected);
        Assert.Equal(expected, await Read(here, Indexes));
    }

    private static async Task<List<string>> Read(StoreFixture store, string sql)
    {
        List<string> rows = await store.Database.ReadAsync(session => session.All(sql, static (DbDataReader row) => row.GetString(0)), default);
        return [.. rows.Order(StringComparer.Ordinal)];
    }
}

[Collection("postgres")]
public sealed class SchemaOnPostgres(PostgresEngine engine) : SchemaSuite(engine)
{
    private protected override string Columns =>
        """
        SELECT table_name || '.' || column_name || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END
        FROM information_schema.columns WHERE table_schema = current_schema()
        """;

    private protected override string Indexes =>
        """
        SELECT t.relname || ' ' || CASE WHEN c.relname LIKE 'idx!_%' ESCAPE '!' THEN c.relname ELSE 'key' END || ' ('
               || (SELECT string_agg(a.attname || CASE WHEN x.indoption[k.n::int - 1] & 1 = 1 THEN ' DESC' ELSE '' END, ', ' ORDER BY k.n)
                   FROM unnest(x.indkey::int2[]) WITH ORDINALITY k(attnum, n) JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum)
               || ')' || CASE WHEN NOT x.indisunique THEN '' WHEN x.indpred IS NOT NULL THEN ' UNIQUE IN PART' ELSE ' UNIQUE' END
        FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace s ON s.oid = t.relnamespace
        WHERE s.nspname = current_schema()
        """;
}

[Collection("mariadb")]
public sealed class SchemaOnMaria(MariaEngine engine) : SchemaSuite(engine)
{
    // open_hash stands for an index over a part of the rows, which MariaDB does not have.
    private protected override string Columns =>
        """
        SELECT CONCAT(table_name, '.', column_name, CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END)
        FROM information_schema.columns WHERE table_schema = DATABASE() AND column_name <> 'open_hash'
        """;

    private protected override string Indexes =>
        """
        SELECT CONCAT(
                   s.table_name, ' ', CASE WHEN s.index_name LIKE 'idx!_%' ESCAPE '!' THEN s.index_name ELSE 'key' END, ' (',
                   GROUP_CONCAT(
                       CONCAT(REPLACE(s.column_name, 'open_hash', 'request_hash'), CASE s.collation WHEN 'D' THEN ' DESC' ELSE '' END)
                       ORDER BY s.seq_in_index SEPARATOR ', '),
                   ')', CASE s.non_unique WHEN 1 THEN '' ELSE ' UNIQUE' END, CASE MAX(s.column_name = 'open_hash') WHEN 1 THEN ' IN PART' ELSE '' END)
        FROM information_schema.statistics s WHERE s.table_schema = DATABASE() GROUP BY s.table_name, s.index_name, s.non_unique
        """;
}
