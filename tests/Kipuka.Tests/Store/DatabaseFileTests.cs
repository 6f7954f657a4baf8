using Kipuka.Store;

namespace Kipuka.Tests.Store;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class DatabaseFileTests
{
    [Fact]
    public async Task A_second_opener_is_refused_with_a_sentence_until_the_first_is_gone()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        DatabaseException refused = await Assert.ThrowsAsync<DatabaseException>(() => store.OpenDatabaseAsync(store.Options));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);

        string link = Path.Combine(store.Folder, "link.db");
        File.CreateSymbolicLink(link, store.File);
        await Assert.ThrowsAsync<DatabaseException>(() => store.OpenDatabaseAsync(store.Options with { FilePath = link }));

        await store.Database.DisposeAsync();
        await using Database second = await store.OpenDatabaseAsync(store.Options);
        await second.ProbeAsync(default);
    }

    [Fact]
    public async Task The_files_are_the_owners_alone()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await store.IssueAsync("01");
        foreach (string file in Directory.GetFiles(store.Folder))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        await store.Database.DisposeAsync();
        File.SetUnixFileMode(store.File, (UnixFileMode)0b110_100_100);
        await store.ReopenAsync(store.Options);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(store.File));
    }

    [Fact]
    public async Task A_missing_folder_is_named()
    {
        await using StoreFixture store = StoreFixture.NotOpened();
        DatabaseOptions options = store.Options with { FilePath = Path.Combine(store.Folder, "missing", "kipuka.db") };
        DatabaseException refused = await Assert.ThrowsAsync<DatabaseException>(() => store.OpenDatabaseAsync(options));
        Assert.Contains(Path.Combine(store.Folder, "missing"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_not_touched()
    {
        await using StoreFixture store = StoreFixture.NotOpened();
        await File.WriteAllTextAsync(store.File, new string('x', 8192));
        await Assert.ThrowsAsync<DatabaseException>(() => store.OpenDatabaseAsync(store.Options));
        Assert.Equal(new string('x', 8192), await File.ReadAllTextAsync(store.File));
    }

    [Fact]
    public async Task The_writer_waits_for_the_disk_and_uses_the_write_ahead_log()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        // 2 is FULL.
        Assert.Equal(2, await store.Database.WriteAsync(batch => batch.Session.Number("PRAGMA synchronous")!.Value, default));
        Assert.Equal(1, await store.Database.WriteAsync(batch => batch.Session.Number("PRAGMA foreign_keys")!.Value, default));
        Assert.True(File.Exists(store.File + "-wal"));
    }

    [Fact]
    public async Task The_pool_stays_within_its_bound_and_figures_say_so()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => store.Ledger.FindCertificateAsync(new byte[32], default))));
        PoolFigures figures = store.Database.Pool;
        Assert.Equal(5, figures.Max);
        Assert.Equal(1, figures.Active);
        Assert.InRange(figures.Idle, 1, 4);
        Assert.Equal("sqlite", store.Database.Engine);
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_and_nothing_else()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await store.Journal.AppendAsync([StoreFixture.Event("before")], default);
        int pages = await store.Database.WriteAsync(batch => (int)batch.Session.Number("PRAGMA page_count")!.Value, default);
        await store.Database.WriteAsync(batch => batch.Session.Number($"PRAGMA max_page_count = {pages + 4}"), default);
        AuditRecord large = StoreFixture.Event("large") with { Fields = new Dictionary<string, string> { ["x"] = new('x', 100_000) } };

        await Assert.ThrowsAnyAsync<Exception>(() => store.Journal.AppendAsync([large], default));
        await store.Database.WriteAsync(batch => batch.Session.Number("PRAGMA max_page_count = 100000"), default);
        await store.Database.ProbeAsync(default);
        await store.Journal.AppendAsync([large], default);

        Assert.Equal(["before", "large"], (await store.Journal.ReadAsync("node-1", 0, 10, default)).Select(record => record.Name));
        Assert.True((await store.Journal.VerifyAsync(null, null, null, default)).IsIntact);
    }

    [Fact]
    public async Task A_transaction_that_the_engine_gave_up_fails_whole_and_the_next_one_works()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        using WriterHold hold = await WriterHold.OnAsync(store.Database);
        Task neighbour = store.Journal.AppendAsync([StoreFixture.Event("neighbour")], default);
        // What SQLite does by itself after an I/O error.
        Task<int> broken = store.Database.WriteAsync<int>(
            batch => batch.Session.Execute("ROLLBACK") + throw_(), default);
        Task behind = store.Journal.AppendAsync([StoreFixture.Event("behind")], default);
        hold.Dispose();
        await Assert.ThrowsAsync<IOException>(() => broken);
        await Assert.ThrowsAsync<DatabaseException>(() => neighbour);
        await Assert.ThrowsAsync<DatabaseException>(() => behind);
        Assert.Empty(await store.Journal.ReadAsync("node-1", 0, 10, default));

        await store.Database.ProbeAsync(default);
        await store.Journal.AppendAsync([StoreFixture.Event("next")], default);
        Assert.Equal((1, true), await store.VerdictAsync());

        static int throw_() => throw new IOException("disk");
    }

    [Fact]
    public async Task In_memory_behaves_the_same_and_ends_with_the_process()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync(inMemory: true);
        Assert.True(store.Database.IsInMemory);
        await store.IssueAsync("01");
        Assert.Single(await store.Ledger.FindBySerialAsync("01", null, default));
        Assert.Equal(1, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
        await store.ReopenAsync(store.Options);
        Assert.Empty(await store.Ledger.FindBySerialAsync("01", null, default));
    }

    [Fact]
    public async Task Nothing_is_left_in_the_log_beside_a_closed_database()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await store.IssueAsync("01");
        await store.Database.DisposeAsync();
        Assert.False(File.Exists(store.File + "-wal") && new FileInfo(store.File + "-wal").Length > 0);
    }
}
