namespace Kipuka.Interop;

/// <summary>One database server for all tests of a class.</summary>
public abstract class DatabaseHostFixture(Func<Task<DatabaseHost>> create) : IAsyncLifetime
{
    public DatabaseHost Host { get; private set; } = null!;

    public async Task InitializeAsync() => Host = await create();

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class PostgresFixture() : DatabaseHostFixture(async () => await PostgresHost.CreateAndStartAsync());

public sealed class MariaFixture() : DatabaseHostFixture(async () => await MariaHost.CreateAndStartAsync());

public sealed class PostgresServerTests(PostgresFixture hosts) : DatabaseServerTests(hosts), IClassFixture<PostgresFixture>;

public sealed class MariaServerTests(MariaFixture hosts) : DatabaseServerTests(hosts), IClassFixture<MariaFixture>;
