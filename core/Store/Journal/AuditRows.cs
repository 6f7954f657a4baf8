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
        "node, sequence, time, event_type, niap, success, actor, source_ip, label, ca, serial, details, previous_hash, hash, subject";

    internal const string HeadSql = "SELECT sequence, hash FROM audit_log WHERE node = @node ORDER BY sequence DESC LIMIT 1";

    internal const string AfterSql =
        $"SELECT {Columns} FROM audit_log WHERE node = @node AND sequence > @after ORDER BY sequence LIMIT @limit";

    // COALESCE keeps SQLite from grouping by the index of nodes, which it would walk from end to end.
    internal const string RecentSql =
        "SELECT COALESCE(node, ''), MIN(sequence), MAX(sequence) FROM audit_log WHERE time >= @since " +
        "GROUP BY COALESCE(node, '') ORDER BY COALESCE(node, '')";

    internal const string NextNodeSql = "SELECT node FROM audit_log WHERE node > @after ORDER BY node LIMIT 1";

    // COALESCE makes an engine read what follows the time, which is going to be verified, and not all that comes before.
    internal const string HeadBeforeSql =
        """
        SELECT sequence, hash FROM audit_log WHERE node = @node AND sequence <
            (SELECT MIN(sequence) FROM audit_log WHERE COALESCE(node, '') = @node AND time >= @from) ORDER BY sequence DESC LIMIT 1
        """;

    internal const string SinceSql = "SELECT COALESCE(MIN(time), -1) FROM audit_log WHERE node = @node AND sequence >= @sequence";

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ListSource<AuditEvent> Source { get; } =
        new("audit_log", $"SELECT {Columns} FROM audit_log", "time", "time DESC, node DESC, sequence DESC", Read);

    public static ChainHead Head(Session session, string node) =>
        session.First(
            HeadSql, static row => new ChainHead(row.GetInt64(0), row.Bytes(1)), ("node", node)) ?? ChainHead.Empty;

    /// <summary>The nodes that have records, in the order of their bytes.</summary>
    public static List<string> Nodes(Session session) => Nodes(session, NextNodeSql);

    /// <summary>The nodes of a table: from one to the next by the index, however many rows there are.</summary>
    public static List<string> Nodes(Session session, string nextSql)
    {
        List<string> nodes = [];
        for (string? next = Next(""); next is not null; next = Next(next))
        {
            nodes.Add(next);
        }

        return nodes;

        string? Next(string after) => session.First(nextSql, static row => row.GetString(0), ("after", after));
    }

    public static List<AuditEvent> After(Session session, string node, long after, int limit) =>
        session.All(AfterSql, Read, ("node", node), ("after", after), ("limit", limit));

    /// <summary>The least sequence number of a node; null when it has no records.</summary>
    public static long? Least(Session session, string node) =>
        session.Number("SELECT sequence FROM audit_log WHERE node = @node ORDER BY sequence LIMIT 1", ("node", node));

    /// <summary>The record before the first one of a time; null when there is no such first one, or none before it.</summary>
    public static ChainHead? HeadBefore(Session session, string node, DateTimeOffset from) => session.First(
        HeadBeforeSql, static row => new ChainHead(row.GetInt64(0), row.Bytes(1)), ("node", node), ("from", from));

    /// <summary>The last record of a node before a time; 0 when there is none.</summary>
    public static long LastBefore(Session session, string node, DateTimeOffset to) => session.Number(
        "SELECT COALESCE(MAX(sequence), 0) FROM audit_log WHERE node = @node AND time < @to", ("node", node), ("to", to)) ?? 0;

    /// <summary>Removes a node's records up to one of them. The schema refuses it before an archive has them.</summary>
    public static int Remove(Session session, string node, long last) =>
        session.Execute("DELETE FROM audit_log WHERE node = @node AND sequence <= @last", ("node", node), ("last", last));

    /// <summary>A node's records between two sequence numbers (the first not, the last included) that hold the conditions, in their order.</summary>
    public static List<AuditEvent> Between(Session session, AuditQuery query, string node, long after, long last, int limit) => session.All(
        $"SELECT {Columns} FROM audit_log {query.Where("node = @ofNode", "sequence > @after", "sequence <= @last")} ORDER BY sequence LIMIT @limit",
        Read,
        [.. query.Values, ("ofNode", node), ("after", after), ("last", last), ("limit", limit)]);

    /// <summary>The nodes that have written since, each with the first and last sequence number of that time.</summary>
    public static List<(string Node, long First, long Last)> Recent(Session session, DateTimeOffset since) =>
        session.All(RecentSql, static row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2)), ("since", since));

    /// <summary>The time from which a node has written what follows a sequence number; null when nothing does.</summary>
    public static DateTimeOffset? Since(Session session, string node, long sequence) =>
        session.Number(SinceSql, ("node", node), ("sequence", sequence)) is >= 0 and var micros ? Micros.ToTime(micros) : null;

    public static void Insert(Session session, AuditEvent record) => session.Later(
        $"""
        INSERT INTO audit_log ({Columns})
        VALUES (@node, @sequence, @time, @name, @niap, @success, @actor, @source, @label, @ca, @serial, @details, @previous, @hash, @subject)
        """,
        ("node", record.Node), ("sequence", record.Sequence), ("time", record.Time), ("name", record.Name), ("niap", record.Niap),
        ("success", record.Success), ("actor", record.Actor), ("source", record.Source?.ToString()), ("label", record.Label),
        ("ca", record.Authority), ("serial", record.Serial), ("details", Json(record.Fields)), ("previous", record.PreviousHash),
        ("hash", record.Hash), ("subject", record.Fields.GetValueOrDefault("subject")));

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

    private static AuditEvent ReadWhole(DbDataReader row)
    {
        Dictionary<string, string> fields = Fields(row.GetString(11));
        if (fields.GetValueOrDefault("subject") != row.TextOrNull(14))
        {
            throw new FormatException("The subject is not the one of the details.");
        }

        return new(row.GetString(0), row.GetInt64(1), row.Time(2), row.GetString(3), row.GetString(4), row.Flag(5))
        {
            Actor = row.TextOrNull(6),
            Source = row.TextOrNull(7) is { } source ? IPAddress.Parse(source) : null,
            Label = row.TextOrNull(8),
            Authority = row.TextOrNull(9),
            Serial = row.TextOrNull(10),
            Fields = fields,
            PreviousHash = row.Bytes(12),
            Hash = row.Bytes(13),
        };
    }

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
