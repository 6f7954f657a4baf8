using Kipuka.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Store;

public abstract class MigratorSuite(StoreEngine engine) : StoreSuite(engine)
{
    private static readonly string[] Names =
    [
        "0001_initial_schema", "0002_add_audit_log", "0003_add_cert_inventory", "0004_add_requests", "0005_add_renewals", "0006_add_audit_anchors",
        "0007_add_audit_archives", "0008_add_nodes", "0010_add_audit_outcomes", "0011_add_list_indexes", "0012_add_lookup_indexes",
        "0013_add_node_holders", "0014_add_revocation_notices",
    ];

    [Fact]
    public async Task Status_of_a_database_that_does_not_exist_is_all_pending_and_makes_no_file()
    {
        await using StoreFixture store = await NotOpenedAsync();
        IReadOnlyList<Migration> status = await Migrator.StatusAsync(store.Options, default);
        Assert.Equal(Names, status.Select(migration => migration.Name));
        Assert.All(status, migration => Assert.Null(migration.AppliedAt));
        Assert.Empty(Directory.GetFiles(store.Folder));
        Assert.Equal(status, await Migrator.StatusAsync(store.Options, default));
    }

    [Fact]
    public async Task Run_applies_each_once()
    {
        await using StoreFixture store = await NotOpenedAsync();
        IReadOnlyList<Migration> applied = await Migrator.RunAsync(store.Options, store.Clock, NullLogger.Instance, default);
        Assert.Equal(Names, applied.Select(migration => migration.Name));
        Assert.All(applied, migration => Assert.NotNull(migration.Took));
        Assert.Empty(await Migrator.RunAsync(store.Options, store.Clock, NullLogger.Instance, default));

        await store.ReopenAsync(store.Options with { AutoMigrate = false });
        // Status works beside a running server.
        Assert.All(await Migrator.StatusAsync(store.Options, default), migration => Assert.Equal(store.Clock.Now, migration.AppliedAt));
    }

    [Fact]
    public async Task Without_auto_migrate_pending_migrations_are_a_reason_not_to_start()
    {
        await using StoreFixture store = await NotOpenedAsync();
        DatabaseException refused = await Assert.ThrowsAsync<DatabaseException>(
            () => store.OpenDatabaseAsync(store.Options with { AutoMigrate = false }));
        Assert.Contains("kipuka migrate", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UPDATE schema_migrations SET checksum = 'other' WHERE number = 2", "0002_add_audit_log")]
    [InlineData("INSERT INTO schema_migrations VALUES (9999, '9999_future', 'x', 0)", "newer than this program")]
    public async Task A_database_of_another_program_is_refused(string sql, string said)
    {
        await using StoreFixture store = await OpenAsync();
        DatabaseException refused = await Assert.ThrowsAsync<DatabaseException>(() => store.TamperAsync(sql));
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DatabaseException>(() => Migrator.StatusAsync(store.Options, default));
        await Assert.ThrowsAsync<DatabaseException>(() => Migrator.RunAsync(store.Options, store.Clock, NullLogger.Instance, default));
    }

    [Fact]
    public void A_checksum_does_not_depend_on_line_ends() =>
        Assert.Equal(new MigrationScript(1, "x", "a\nb").Checksum, new MigrationScript(1, "x", "a\r\nb").Checksum);
}
