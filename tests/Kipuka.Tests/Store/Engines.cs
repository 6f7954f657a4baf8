using System.Data.Common;
using Kipuka.Store;
using Kipuka.Testing;
using Microsoft.Data.Sqlite;

namespace Kipuka.Tests.Store;

/// <summary>A file, or memory.</summary>
public sealed class SqliteEngine : StoreEngine
{
    public override bool IsFast => true;

    public override string DropGuards => "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;";

    internal override Task<DatabaseServer?> CreateAsync(bool migrated) => Task.FromResult<DatabaseServer?>(null);

    internal override DbConnection Connect(DatabaseOptions options)
    {
        SqliteConnection connection = new($"Data Source={options.FilePath};Pooling=False");
        connection.Open();
        return connection;
    }
}

/// <summary>A PostgreSQL server; databases are copies of one that is migrated.</summary>
public sealed class PostgresEngine() : ServerEngine(async () => await PostgresHost.CreateAndStartAsync())
{
    public override string DropGuards => "DROP TRIGGER audit_log_no_update ON audit_log; DROP TRIGGER audit_log_no_delete ON audit_log;";

    private protected override string Administration => "postgres";

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Run(Administration, "CREATE DATABASE migrated");
        await MigrateAsync("migrated");
    }

    private protected override string CreateSql(string database, bool migrated) => $"CREATE DATABASE {database} TEMPLATE {(migrated ? "migrated" : "template0")}";

    private protected override string DropSql(string database) => $"DROP DATABASE {database} WITH (FORCE)";
}

/// <summary>A MariaDB server.</summary>
public sealed class MariaEngine() : ServerEngine(async () => await MariaHost.CreateAndStartAsync())
{
    public override string DropGuards => "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete;";

    private protected override string Administration => "mysql";

    private protected override string CreateSql(string database, bool migrated) => $"CREATE DATABASE {database}";

    private protected override string DropSql(string database) => $"DROP DATABASE {database}";
}

[CollectionDefinition("postgres")]
public sealed class PostgresSuites : ICollectionFixture<PostgresEngine>;

[CollectionDefinition("mariadb")]
public sealed class MariaSuites : ICollectionFixture<MariaEngine>;
