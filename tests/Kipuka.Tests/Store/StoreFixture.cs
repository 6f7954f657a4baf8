using System.Data.Common;
using System.Security.Cryptography;
using Kipuka.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Store;

/// <summary>A database in a folder of its own, and a clock that stands until it is moved.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kipuka-store-");
    private readonly bool _inMemory;
    private bool _isBorrowed;

    private readonly StoreEngine _engine;
    private readonly DatabaseServer? _server;
    private readonly string _node;

    private StoreFixture(StoreEngine engine, bool inMemory, DatabaseServer? server, string node = "node-1") =>
        (_engine, _inMemory, _server, _node) = (engine, inMemory, server, node);

    /// <summary>For opens that do not look at what was issued before.</summary>
    public static DateTimeOffset Unchecked { get; } = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestClock Clock { get; } = new();

    public string Folder => _folder.FullName;

    public string File => Path.Combine(Folder, "kipuka.db");

    public Database Database { get; private set; } = null!;

    public Journal Journal { get; private set; } = null!;

    public PluginData Plugins { get; private set; } = null!;

    public Ledger Ledger { get; private set; } = null!;

    public DatabaseOptions Options => new(_inMemory || _server is not null ? null : File, 5, TimeSpan.FromSeconds(5), AutoMigrate: true, _node)
    {
        Server = _server,
    };

    public static Task<StoreFixture> OpenAsync(bool inMemory = false) => OpenAsync(new SqliteEngine(), inMemory);

    public static async Task<StoreFixture> OpenAsync(StoreEngine engine, bool inMemory)
    {
        StoreFixture store = new(engine, inMemory, await engine.CreateAsync(migrated: true));
        await store.ReopenAsync(store.Options);
        return store;
    }

    public static StoreFixture NotOpened() => new(new SqliteEngine(), inMemory: false, server: null);

    public static async Task<StoreFixture> NotOpenedAsync(StoreEngine engine) => new(engine, inMemory: false, await engine.CreateAsync(migrated: false));

    /// <summary>Another process on the same database.</summary>
    public async Task<StoreFixture> OpenNodeAsync(string node)
    {
        StoreFixture other = new(_engine, inMemory: false, _server, node) { _isBorrowed = true };
        other.Clock.Now = Clock.Now;
        await other.ReopenAsync(other.Options);
        return other;
    }

    public Task<Database> OpenDatabaseAsync(DatabaseOptions options) =>
        Database.OpenAsync(options, Clock, NullLogger.Instance, CancellationToken.None);

    public async Task ReopenAsync(DatabaseOptions options)
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        Database = await OpenDatabaseAsync(options);
        Journal = new Journal(Database);
        Plugins = new PluginData(Database);
        Ledger = new Ledger(Database, Journal, Plugins);
    }

    /// <summary>How many records the journal has, and whether all fit.</summary>
    public async Task<(long Records, bool Intact)> VerdictAsync()
    {
        JournalVerdict verdict = await Journal.VerifyAsync(null, null, null, CancellationToken.None);
        return (verdict.Records, verdict.IsIntact);
    }

    /// <summary>
    /// What a kill -9 leaves: the files as they are on the disk at this moment, opened as a new database; or what a server shows to others.
    /// </summary>
    public async Task<StoreFixture> CrashAsync()
    {
        if (_server is not null)
        {
            return await OpenNodeAsync("after");
        }

        StoreFixture after = new(_engine, inMemory: false, server: null);
        foreach (string suffix in (string[])["", "-wal"])
        {
            System.IO.File.Copy(File + suffix, after.File + suffix);
        }

        after.Clock.Now = Clock.Now;
        await after.ReopenAsync(after.Options);
        return after;
    }

    /// <summary>Closes the database and changes it as somebody with the engine's own tool would.</summary>
    public async Task TamperAsync(string sql)
    {
        await Database.DisposeAsync();
        Run(sql);
        await ReopenAsync(Options);
    }

    /// <summary>Runs a statement on a connection that is not Kipuka's.</summary>
    public void Run(string sql)
    {
        using DbConnection raw = _engine.Connect(Options);
        using DbCommand command = raw.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    public LedgerEntry Entry(string request = "request", string label = "iot", string identity = "otp:abc") => new(
        Guid.CreateVersion7(),
        new LedgerKey(identity, label, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(request))),
        "simpleenroll", LedgerState.Open, "ca-1", RandomNumberGenerator.GetBytes(20), new byte[] { 1, 2, 3 }, default, "node-1",
        Clock.Now, null, false, Clock.Now, Clock.Now.AddDays(90), null);

    public IssuedCertificate Certificate(string serial = "0a1b", string subject = "CN=device-1", int days = 90)
    {
        byte[] der = RandomNumberGenerator.GetBytes(700);
        return new(der, SHA256.HashData(der), serial, subject, "CN=Issuing CA", Clock.Now, Clock.Now.AddDays(days), "ecdsa-p256");
    }

    /// <summary>Opens and closes a transaction.</summary>
    public async Task<IssuedCertificate> IssueAsync(
        string serial, string subject = "CN=device", string label = "iot", string authority = "ca-1", int days = 90)
    {
        LedgerEntry entry = Entry(serial, label) with { Authority = authority };
        IssuedCertificate certificate = Certificate(serial, subject, days);
        await Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await Ledger.CloseAsync(entry.Transaction, certificate, [Event("cert.issued")], [], default);
        return certificate;
    }

    public static AuditRecord Event(string name) => new(name, "CertIssue", true) { Actor = "otp:device", Authority = "ca-1" };

    public async ValueTask DisposeAsync()
    {
        if (Database is not null)
        {
            await Database.DisposeAsync();
        }

        if (!_isBorrowed)
        {
            _engine.Drop(Options);
        }

        _folder.Delete(recursive: true);
    }
}

internal sealed class TestClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 6, 24, 12, 0, 0, TimeSpan.Zero);

    /// <summary>How much time passes with every look at the time that passes.</summary>
    public TimeSpan Step { get; set; }

    /// <summary>How much passed besides.</summary>
    public TimeSpan Passed { get; set; }

    public override DateTimeOffset GetUtcNow() => Now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (Passed += Step).Ticks;
}

/// <summary>Keeps the writer busy inside a transaction, so that everything queued meanwhile meets in the next one.</summary>
internal sealed class WriterHold : IDisposable
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _gate = new();

    public static async Task<WriterHold> OnAsync(Database database)
    {
        WriterHold hold = new();
        _ = database.WriteAsync(
            _ =>
            {
                hold._held.SetResult();
                hold._gate.Wait();
                return 0;
            },
            default);
        await hold._held.Task;
        return hold;
    }

    public void Dispose() => _gate.Set();
}
