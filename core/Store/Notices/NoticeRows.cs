namespace Kipuka.Store;

/// <summary>The rows of <c>revocation_notices</c>.</summary>
internal static class NoticeRows
{
    internal const string AuthoritiesSql = "SELECT DISTINCT ca FROM revocation_notices WHERE told_at IS NULL AND due_at <= @now";

    // Any that is due: an order would have MariaDB sort all of them for each.
    internal const string NextSql =
        """
        SELECT n.certificate_id, c.sha256, n.attempts FROM revocation_notices n JOIN certificates c ON c.id = n.certificate_id
        WHERE n.told_at IS NULL AND n.ca = @ca AND n.due_at <= @now AND (n.leased_until IS NULL OR n.leased_until <= @now)
        LIMIT 1
        """;

    internal const string StateSql =
        """
        SELECT n.told_at, n.due_at, n.attempts, n.failure FROM certificates c JOIN revocation_notices n ON n.certificate_id = c.id
        WHERE c.sha256 = @sha256
        """;

    private const string AddSql = "INSERT INTO revocation_notices (certificate_id, ca, due_at) SELECT id, ca, @now FROM certificates WHERE id = @id";

    public static void Add(Session session, long certificate, DateTimeOffset now) => session.Execute(AddSql, ("now", now), ("id", certificate));

    public static List<string> Authorities(Session session, DateTimeOffset now) =>
        session.All(AuthoritiesSql, static row => row.GetString(0), ("now", now));

    public static RevocationNotice? Next(Session session, string authority, DateTimeOffset now) => session.First(
        NextSql, static row => new RevocationNotice(row.GetInt64(0), row.Bytes(1), row.GetInt32(2)), ("ca", authority), ("now", now));

    public static NoticeState? State(Session session, ReadOnlyMemory<byte> sha256) => session.First(
        StateSql, static row => new NoticeState(row.TimeOrNull(0), row.Time(1), row.GetInt32(2), row.TextOrNull(3)), ("sha256", sha256));

    /// <returns>Whether this node has it now: another may have been faster.</returns>
    public static bool Lease(Session session, long id, string node, DateTimeOffset now, DateTimeOffset until) => session.Execute(
        """
        UPDATE revocation_notices SET leased_until = @until, leased_by = @node
        WHERE certificate_id = @id AND told_at IS NULL AND due_at <= @now AND (leased_until IS NULL OR leased_until <= @now)
        """,
        ("until", until), ("node", node), ("id", id), ("now", now)) == 1;

    /// <summary>What a process of this node's name took and did not end: it lives no more.</summary>
    public static int Free(Session session, string node) => session.Execute(
        "UPDATE revocation_notices SET leased_until = NULL, leased_by = NULL WHERE told_at IS NULL AND leased_by = @node", ("node", node));

    /// <returns>Whether it was open.</returns>
    public static bool Told(Session session, long id, DateTimeOffset now) => session.Execute(
        """
        UPDATE revocation_notices SET told_at = @now, leased_until = NULL, leased_by = NULL, attempts = attempts + 1, failure = NULL
        WHERE certificate_id = @id AND told_at IS NULL
        """,
        ("now", now), ("id", id)) == 1;

    /// <returns>Whether it was open.</returns>
    public static bool Failed(Session session, long id, string failure, DateTimeOffset due) => session.Execute(
        """
        UPDATE revocation_notices SET due_at = @due, leased_until = NULL, leased_by = NULL, attempts = attempts + 1, failure = @failure
        WHERE certificate_id = @id AND told_at IS NULL
        """,
        ("due", due), ("failure", failure), ("id", id)) == 1;
}
