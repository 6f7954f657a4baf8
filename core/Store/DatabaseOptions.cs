namespace Kipuka.Store;

/// <summary>Where the database is and how this process uses it.</summary>
/// <param name="FilePath">The SQLite file; null for a database in memory that ends with the process, or for one at a <see cref="Server"/>.</param>
/// <param name="MaxConnections">Connections in all: one writes, the others read; the only one does both.</param>
/// <param name="ConnectTimeout">How long to wait for a connection, or for a lock that another process holds.</param>
/// <param name="AutoMigrate">Whether opening applies pending migrations; otherwise they are a reason not to open.</param>
/// <param name="Node">This node's name: the owner of a chain in the journal. No two processes have the same one at a time.</param>
internal sealed record DatabaseOptions(string? FilePath, int MaxConnections, TimeSpan ConnectTimeout, bool AutoMigrate, string Node)
{
    /// <summary>The database server; null for SQLite.</summary>
    public DatabaseServer? Server { get; init; }

    public bool IsInMemory => FilePath is null && Server is null;
}
