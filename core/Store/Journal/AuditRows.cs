using System.Data.Common;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>The rows of <c>audit_log</c>.</summary>
internal static class AuditRows
{
    private const string Columns =
        "node, sequence, time, event_type, niap, success, actor, source_ip, label, ca, serial, details, previous_hash, hash";

    internal const string HeadSql = "SELECT sequence, hash FROM audit_log WHERE node = @node ORDER BY sequence DESC LIMIT 1";

    internal const string AfterSql =
        $"SELECT {Columns} FROM audit_log WHERE node = @node AND sequence > @after ORDER BY sequence LIMIT @limit";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ChainHead Head(Session session, string node) =>
        session.First(
            HeadSql, static row => new ChainHead(row.GetInt64(0), row.Bytes(1)), ("node", node)) ?? ChainHead.Empty;

    public static List<string> Nodes(Session session) =>
        session.All("SELECT DISTINCT node FROM audit_log ORDER BY node", static row => row.GetString(0));

    public static List<AuditEvent> After(Session session, string node, long after, int limit) =>
        session.All(AfterSql, Read, ("node", node), ("after", after), ("limit", limit));

    public static void Insert(Session session, AuditEvent record) => session.Later(
        $"""
        INSERT INTO audit_log ({Columns})
        VALUES (@node, @sequence, @time, @name, @niap, @success, @actor, @source, @label, @ca, @serial, @details, @previous, @hash)
        """,
        ("node", record.Node), ("sequence", record.Sequence), ("time", record.Time), ("name", record.Name), ("niap", record.Niap),
        ("success", record.Success), ("actor", record.Actor), ("source", record.Source?.ToString()), ("label", record.Label),
        ("ca", record.Authority), ("serial", record.Serial), ("details", Json(record.Fields)), ("previous", record.PreviousHash),
        ("hash", record.Hash));

    // A row that somebody made unreadable still has its place in the chain, where its missing hash accuses it.
    private static AuditEvent Read(DbDataReader row)
    {
        try
        {
            return ReadWhole(row);
        }
        catch (Exception fault) when (fault is FormatException or JsonException or InvalidOperationException or InvalidCastException
            or ArgumentException or OverflowException)
        {
            return new(row.GetString(0), row.GetInt64(1), DateTimeOffset.UnixEpoch, "unreadable", "unreadable", false);
        }
    }

    private static AuditEvent ReadWhole(DbDataReader row) =>
        new(row.GetString(0), row.GetInt64(1), row.Time(2), row.GetString(3), row.GetString(4), row.Flag(5))
        {
            Actor = row.TextOrNull(6),
            Source = row.TextOrNull(7) is { } source ? IPAddress.Parse(source) : null,
            Label = row.TextOrNull(8),
            Authority = row.TextOrNull(9),
            Serial = row.TextOrNull(10),
            Fields = Fields(row.GetString(11)),
            PreviousHash = row.Bytes(12),
            Hash = row.Bytes(13),
        };

    private static string Json(IReadOnlyDictionary<string, string> fields)
    {
        if (fields.Count == 0)
        {
            return "{}";
        }

        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Compact))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in fields.OrderBy(field => field.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Dictionary<string, string> Fields(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString()!);
    }
}
