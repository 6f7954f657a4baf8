using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Kipuka.Conformance;

/// <summary>A record of the journal, as an auditor with the database in hands reads it.</summary>
internal sealed record JournalRecord(string Name, string? Actor, string? Serial, string? Label, IReadOnlyDictionary<string, string> Details)
{
    public string? Authority { get; private init; }

    /// <summary>All records of a server that runs, in their order.</summary>
    public static List<JournalRecord> Of(KipukaServer server, string? name = null)
    {
        using var connection = Open(server);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT event_type, actor, serial, label, details, ca FROM audit_log ORDER BY sequence";
        using var reader = command.ExecuteReader();
        List<JournalRecord> records = [];
        while (reader.Read())
        {
            records.Add(new JournalRecord(
                reader.GetString(0), Text(reader, 1), Text(reader, 2), Text(reader, 3),
                JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(4))!) { Authority = Text(reader, 5) });
        }
        return name is null ? records : records.FindAll(record => record.Name == name);
    }

    /// <summary>The rows of a table.</summary>
    public static long Count(KipukaServer server, string table)
    {
        using var connection = Open(server);
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own words.
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(KipukaServer server)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = server.DatabaseFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static string? Text(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
