using System.Data.Common;
using Kipuka.Store;
using Kipuka.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Store;

/// <summary>Where a suite finds its databases.</summary>
public abstract class StoreEngine
{
    /// <summary>Whether a database costs next to nothing.</summary>
    public virtual bool IsFast => false;

    /// <summary>Removes what keeps the journal from being rewritten.</summary>
    public abstract string DropGuards { get; }

    /// <summary>A database of its own; null where the fixture's folder is it.</summary>
    internal abstract Task<DatabaseServer?> CreateAsync(bool migrated);

    /// <summary>An open connection that is not Kipuka's.</summary>
    internal abstract DbConnection Connect(DatabaseOptions options);

    internal virtual void Drop(DatabaseOptions options)
    {
    }
}

/// <summary>A server that all suites of the engine share.</summary>
public abstract class ServerEngine(Func<Task<DatabaseHost>> create) : StoreEngine, IAsyncLifetime
{
    private int _databases;

    public DatabaseHost Host { get; private set; } = null!;

    public virtual async Task InitializeAsync() => Host = await create();

    public async Task DisposeAsync() => await Host.DisposeAsync();

    internal DatabaseServer Server(string database) => new(Host.Engine, "127.0.0.1", Host.Port, database, "kipuka", DatabaseTls.Prefer) { Password = Host.Password };

    internal override Task<DatabaseServer?> CreateAsync(bool migrated)
    {
        DatabaseServer server = Server($"s{Interlocked.Increment(ref _databases)}");
        Run(Administration, CreateSql(server.Database, migrated));
        return Task.FromResult<DatabaseServer?>(server);
    }

    internal override void Drop(DatabaseOptions options) => Run(Administration, DropSql(options.Server!.Database));

    internal override DbConnection Connect(DatabaseOptions options) => Dialect.Of(options).OpenWriter();

    private protected abstract string Administration { get; }

    private protected abstract string CreateSql(string database, bool migrated);

    private protected abstract string DropSql(string database);

    private protected DatabaseOptions Options(string database) => new(null, 2, TimeSpan.FromSeconds(5), AutoMigrate: true, "tests") { Server = Server(database) };

    private protected Task MigrateAsync(string database) => Migrator.RunAsync(Options(database), TimeProvider.System, NullLogger.Instance, default);

    private protected void Run(string database, string sql)
    {
        using DbConnection connection = Dialect.Of(Options(database)).OpenWriter();
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
