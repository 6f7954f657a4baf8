using System.Data.Common;

namespace Kipuka.Store;

/// <summary>The rows of <c>requests</c>.</summary>
internal static class RequestRows
{
    private const string Select =
        """
        SELECT r.id, r.identity, r.label, r.request_hash, r.operation, r.requester, r.source_ip, r.ca, r.subject, r.names, r.usages,
               r.key_type, r.request, r.created_at, r.expires_at, r.decision, r.decided_by, r.decided_at, r.reason, t.state
        FROM requests r LEFT JOIN transactions t ON t.id = r.id
        """;

    internal const string FindSql =
        Select + " WHERE r.identity = @identity AND r.label = @label AND r.request_hash = @hash ORDER BY r.created_at DESC LIMIT 1";

    internal const string ByIdSql = Select + " WHERE r.id = @id";

    internal const string CountOpenOfSql =
        """
        SELECT COUNT(*) FROM requests r LEFT JOIN transactions t ON t.id = r.id
        WHERE r.identity = @identity AND r.decision <> 2 AND r.expires_at > @now AND (t.id IS NULL OR t.state = 0)
        """;

    public static ListSource<PendingRequest> Source { get; } =
        new("requests r", Select, "r.created_at", "r.created_at DESC, r.id DESC", Read);

    public static void Insert(Session session, PendingRequest request) => session.Later(
        """
        INSERT INTO requests
            (id, identity, label, request_hash, operation, requester, source_ip, ca, subject, names, usages, key_type, request, created_at,
             expires_at)
        VALUES (@id, @identity, @label, @hash, @operation, @requester, @source, @ca, @subject, @names, @usages, @keyType, @request, @created,
                @expires)
        """,
        ("id", request.Id), ("identity", request.Key.Identity), ("label", request.Key.Label), ("hash", request.Key.RequestHash),
        ("operation", request.Operation), ("requester", request.Requester), ("source", request.Source), ("ca", request.Authority),
        ("subject", request.Subject), ("names", Lines(request.Names)), ("usages", Lines(request.Usages)), ("keyType", request.KeyType),
        ("request", request.Request), ("created", request.Created), ("expires", request.Expires));

    public static PendingRequest? Find(Session session, LedgerKey key) => session.First(
        FindSql, Read, ("identity", key.Identity), ("label", key.Label), ("hash", key.RequestHash));

    public static PendingRequest? Find(Session session, Guid id) => session.First(ByIdSql, Read, ("id", id));

    /// <summary>How many of an identity's requests wait for a decision, or for their certificate.</summary>
    public static long CountOpenOf(Session session, string identity, DateTimeOffset now) => session.Number(
        CountOpenOfSql, ("identity", identity), ("now", now))!.Value;

    /// <returns>False when it had been decided, or had expired.</returns>
    public static bool Decide(Session session, Guid id, Decision decision, string by, string? reason, DateTimeOffset at) => session.Try(
        """
        UPDATE requests SET decision = @decision, decided_by = @by, decided_at = @at, reason = @reason
        WHERE id = @id AND decision = 0 AND expires_at > @at
        """,
        ("decision", (int)decision), ("by", by), ("at", at), ("reason", reason), ("id", id));

    private static PendingRequest Read(DbDataReader row) => new(
        row.Id(0), new LedgerKey(row.GetString(1), row.GetString(2), row.Bytes(3)), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetString(7), row.GetString(8), Split(row.GetString(9)), Split(row.GetString(10)), row.GetString(11), row.Bytes(12), row.Time(13),
        row.Time(14))
    {
        Decision = (Decision)row.GetInt32(15),
        DecidedBy = row.TextOrNull(16),
        Decided = row.TimeOrNull(17),
        Reason = row.TextOrNull(18),
        Transaction = (LedgerState?)row.NumberOrNull(19),
    };

    // The texts are escaped as ruling 56 says: no line break occurs in them.
    private static string Lines(IReadOnlyList<string> values) => string.Join('\n', values);

    private static string[] Split(string lines) => lines.Length == 0 ? [] : lines.Split('\n');
}
