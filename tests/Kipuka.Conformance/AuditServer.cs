using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Kipuka.Conformance;

/// <summary>Servers whose journal is signed, copied to a file, and can be archived.</summary>
internal static class AuditServer
{
    public const string Settings = "[audit]\nfile = \"audit.jsonl\"\nanchor_key = \"audit-key.pem\"\narchive_directory = \".\"\n";

    public static async Task<ServerSetup> SetupAsync()
    {
        using var folder = new ScratchFolder();
        var made = await Tool.RunAsync(Repository.Executable, ["audit", "key", "--out", folder["audit-key.pem"]]);
        Assert.True(made.ExitCode == 0, made.ToString());
        return new ServerSetup
        {
            More = Settings,
            Files = new Dictionary<string, string>
            {
                ["audit-key.pem"] = await File.ReadAllTextAsync(folder["audit-key.pem"]),
                ["audit-key.pub.pem"] = await File.ReadAllTextAsync(folder["audit-key.pub.pem"]),
            },
        };
    }

    /// <summary>Runs a command on the server's own configuration.</summary>
    public static Task<Tool.Result> RunAsync(KipukaServer server, params string[] arguments) => Tool.RunAsync(
        Repository.Executable, [.. arguments, "--config", server.ConfigFile], server.Folder,
        new Dictionary<string, string?> { ["KIPUKA_ADMIN_TOKEN"] = server.AdminToken });

    /// <summary>What a verification says, as JSON, and whether the exit status agrees.</summary>
    public static async Task<JsonElement> VerifyAsync(KipukaServer server, params string[] options)
    {
        var run = await RunAsync(server, ["audit", "verify", "--json", .. options]);
        var proof = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(proof.GetProperty("intact").GetBoolean(), run.ExitCode == 0);
        return proof;
    }

    /// <summary>What somebody with the file in hands does: the guards go, then the rows.</summary>
    public static void Tamper(string database, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        foreach (var guard in Text(connection, "SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        {
            Execute(connection, $"DROP TRIGGER {guard}");
        }
        Execute(connection, sql);
    }

    /// <summary>Moves what is in the write-ahead log into a stopped server's database, so that the one file is all of it.</summary>
    public static void Settle(string database)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Pooling = false }.ToString());
        connection.Open();
        Execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
    }

    /// <summary>Puts a copy of a stopped server's database in its place, with nothing left of what was there.</summary>
    public static void Restore(string copy, string database)
    {
        File.Delete(database + "-wal");
        File.Delete(database + "-shm");
        File.Copy(copy, database, overwrite: true);
    }

    public static List<string> Query(string database, string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = database, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        return Text(connection, sql);
    }

#pragma warning disable CA2100 // The test's own words.
    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Text(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : reader.GetValue(column).ToString())));
        }
        return rows;
    }
#pragma warning restore CA2100
}
