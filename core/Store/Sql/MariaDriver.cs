using System.Data.Common;

namespace Kipuka.Store;

/// <summary>The driver for MariaDB that the program was built with: the only place that names it.</summary>
internal static class MariaDriver
{
#if MYSQLCONNECTOR
    /// <summary>Whether the driver can judge a server's certificate.</summary>
    public static bool JudgesCertificates => true;

    public static DbProviderFactory Factory => MySqlConnector.MySqlConnectorFactory.Instance;
#else
    /// <summary>Whether the driver can judge a server's certificate: this one only with a library that the program is built without.</summary>
    public static bool JudgesCertificates => false;

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
