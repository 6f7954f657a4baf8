using Microsoft.Data.Sqlite;

namespace Kipuka.Conformance;

/// <summary>A server whose journal is signed, copied to a file, and can be archived.</summary>
internal static class AuditServer
{
    public const string Settings = """
        [audit]
        file = "audit.jsonl"
        anchor_key = "audit-key.pem"
        archive_directory = "."
        """;

    public static ServerSetup Setup()
    {
        using var folder = new ScratchFolder();
        var made = Tool.Run(Repository.Executable, ["audit", "key", "--out", folder["audit-key.pem"]]);
        Assert.True(made.ExitCode == 0, made.All);
        return new ServerSetup
        {
            More = Settings,
            Files = new Dictionary<string, string>
            {
                ["audit-key.pem"] = File.ReadAllText(folder["audit-key.pem"]),
                ["audit-key.pub.pem"] = File.ReadAllText(folder["audit-key.pub.pem"]),
            },
        };
    }

    /// <summary>Runs the command on the server's own configuration.</summary>
    public static (int ExitCode, string All) Kipuka(KipukaServer server, params string[] arguments)
    {
        var run = Tool.Run(Repository.Executable, [.. arguments, "--config", server.ConfigFile], environment: new Dictionary<string, string> { ["KIPUKA_ADMIN_TOKEN"] = server.AdminToken });
        return (run.ExitCode, run.All);
    }

    /// <summary>What somebody with the file in hands does: the guards go, then the rows.</summary>
    public static void Tamper(string database, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = "DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete; DROP TRIGGER audit_anchors_no_update; "
            + "DROP TRIGGER audit_anchors_no_delete; DROP TRIGGER audit_archives_no_update; DROP TRIGGER audit_archives_no_delete; " + sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
