using Kipuka.Config;
using Kipuka.Store;

namespace Kipuka.Cli;

/// <summary>The database of a configuration, in the words of the store.</summary>
internal static class DatabasePlace
{
    /// <param name="config"><c>[db]</c>.</param>
    /// <param name="url">Its URL.</param>
    /// <param name="node"><c>[server] node</c>.</param>
    public static DatabaseOptions Of(DbConfig config, DatabaseUrl url, string? node) => new(
        url.File, config.MaxConnections, config.ConnectTimeout, config.AutoMigrate, node ?? Environment.MachineName)
    {
        Server = url.Server is not { } server ? null : new DatabaseServer(
            server.Engine, server.Host, server.Port, server.Database, server.User, (DatabaseTls)ServerUrl.TlsModes.ToList().IndexOf(server.Tls))
        {
            Password = server.Password,
            RootCertificate = server.RootCertificate,
        },
    };
}
