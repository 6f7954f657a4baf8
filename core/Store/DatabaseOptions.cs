namespace Kipuka.Store;

/// <summary>Where the database is and how this process uses it.</summary>
/// <param name="FilePath">The SQLite file; null for a database in memory that ends with the process.</param>
/// <param name="MaxConnections">Connections in all: one writes, the others read (at least one does).</param>
/// <param name="ConnectTimeout">How long to wait for a lock that another program (a backup) holds on the file.</param>
/// <param name="AutoMigrate">Whether opening applies pending migrations; otherwise they are a reason not to open.</param>
/// <param name="Node">This node's name: the owner of a chain in the journal.</param>
internal sealed record DatabaseOptions(string? FilePath, int MaxConnections, TimeSpan ConnectTimeout, bool AutoMigrate, string Node);
