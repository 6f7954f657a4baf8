using System.Data.Common;

namespace Kipuka.Store;

/// <summary>The driver for MariaDB that the program was built with: the only place that names it.</summary>
internal static class MariaDriver
{
#if MYSQLCONNECTOR
    /// <summary>Whether the driver can be told which CAs to trust.</summary>
    public static bool TakesRoots => true;

    public static DbProviderFactory Factory => MySqlConnector.MySqlConnectorFactory.Instance;
#else
    /// <summary>
    /// Whether the driver can be told which CAs to trust. This one cannot: what it does with a file of them needs a library that the program is built without,
    /// and asks for a client's certificate besides. Without such a file it believes exactly what the platform's TLS finds flawless: a chain to a CA of the
    /// system, and the name that was dialled.
    /// </summary>
    public static bool TakesRoots => false;

    public static DbProviderFactory Factory => MySql.Data.MySqlClient.MySqlClientFactory.Instance;
#endif

    /// <summary>The server's number for an error; 0 when it was not the server that spoke.</summary>
    public static int ErrorOf(Exception fault)
    {
        for (Exception? part = fault; part is not null; part = part.InnerException)
        {
            // Both drivers put it there.
            if (part is DbException && part.Data["Server Error Code"] is int number && number != 0)
            {
                return number;
            }
        }

        return 0;
    }
}
