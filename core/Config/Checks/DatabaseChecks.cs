using System.Net;

namespace Kipuka.Config.Checks;

/// <summary><c>[db] url</c> with a server.</summary>
internal static class DatabaseChecks
{
    public static void Run(CheckReport report, ServerUrl server)
    {
        if (IsThisHost(server.Host) || server.Tls == "verify-full") return;
        var lacks = server.Tls switch
        {
            "disable" => "is not encrypted",
            "prefer" => "is encrypted only where the server offers it, and with whoever answers",
            "require" => "is encrypted with whoever answers",
            _ => "is with any server that has a certificate of the CA, whatever its name",
        };
        report.Warn(
            "insecure-database", "db.url",
            $"is a database on another host, and with sslmode={server.Tls} the connection {lacks}: use sslmode=verify-full and sslrootcert, "
            + "or a tunnel that ends on this host");
    }

    private static bool IsThisHost(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
