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

    /// <summary>Those that the migrations name; over which tables, and whether they are unique.</summary>
    [Fact]
    public async Task Indexes_are_those_of_SQLite()
    {
        await using StoreFixture lite = await StoreFixture.OpenAsync();
        await using StoreFixture here = await OpenAsync();
        List<string> expected = await Read(
            lite,
            """
            SELECT m.name || '.' || i.name || CASE WHEN i."unique" = 1 THEN ' UNIQUE' ELSE '' END
            FROM sqlite_master m, pragma_index_list(m.name) i WHERE m.type = 'table' AND i.origin = 'c'
            """);
        Assert.NotEmpty(expected);
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
        SELECT tablename || '.' || indexname || CASE WHEN indexdef LIKE 'CREATE UNIQUE%' THEN ' UNIQUE' ELSE '' END
        FROM pg_indexes WHERE schemaname = current_schema() AND indexname LIKE 'idx!_%' ESCAPE '!'
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
        SELECT DISTINCT CONCAT(table_name, '.', index_name, CASE non_unique WHEN 0 THEN ' UNIQUE' ELSE '' END)
        FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name LIKE 'idx!_%' ESCAPE '!'
        """;
}
