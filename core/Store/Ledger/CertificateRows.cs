using System.Data.Common;
using System.Globalization;

namespace Kipuka.Store;

/// <summary>The rows of <c>certificates</c>.</summary>
internal static class CertificateRows
{
    private const string Columns =
        "der, sha256, serial, subject, issuer, not_before, not_after, key_type, ca, label, operation, identity, transaction_id, " +
        "issued_at, revoked_at, revocation_reason";

    internal const string BySha256Sql = $"SELECT {Columns} FROM certificates WHERE sha256 = @sha256";
    internal const string BySerialSql = $"SELECT {Columns} FROM certificates WHERE serial = @serial ORDER BY ca, id";
    internal const string BySerialAndCaSql = $"SELECT {Columns} FROM certificates WHERE serial = @serial AND ca = @ca ORDER BY id";

    // By an expression, or an engine could walk the certificates from the newest back until it has met as many as it may give.
    internal const string ByNamesSql =
        $"SELECT {Columns} FROM certificates WHERE label = @label AND names = @names AND revoked_at IS NULL AND not_after >= @notEnded " +
        "ORDER BY -id LIMIT @limit";

    internal const string BySubjectSql =
        $"SELECT {Columns} FROM certificates WHERE label = @label AND subject = @subject AND names IS NULL AND revoked_at IS NULL " +
        "AND not_after >= @notEnded ORDER BY -id LIMIT @limit";

    internal const string EndedSql =
        $"SELECT {Columns}, id FROM certificates WHERE not_after >= @markTime AND (not_after > @markTime OR id > @markId) AND not_after < @now " +
        "ORDER BY not_after, id LIMIT @limit";

    internal const string RevokeSql =
        """
        UPDATE certificates SET revoked_at = @at, revocation_reason = @reason
        WHERE serial = @serial AND ca = @ca AND revoked_at IS NULL
        """;

    internal const string RevokeOneSql =
        "UPDATE certificates SET revoked_at = @at, revocation_reason = @reason WHERE sha256 = @sha256 AND revoked_at IS NULL";

    // For each CA of a block: all, those issued since midnight, those active, when the first of these ends, and when the last was issued.
    internal const string FiguresSql =
        """
        SELECT ca, COUNT(*), SUM(CASE WHEN issued_at >= @today THEN 1 ELSE 0 END),
               SUM(CASE WHEN revoked_at IS NULL AND not_after >= @now THEN 1 ELSE 0 END),
               MIN(CASE WHEN revoked_at IS NULL AND not_after >= @now THEN not_after END), MAX(issued_at)
        FROM certificates WHERE id >= @blockBegin AND id < @blockEnd GROUP BY ca
        """;

    internal const string ValidIdsSql = "SELECT id FROM certificates WHERE serial = @serial AND ca = @ca AND revoked_at IS NULL";

    internal const string IdSql = "SELECT id FROM certificates WHERE sha256 = @sha256";

    public static ListSource<CertificateRecord> Source { get; } =
        new("certificates", $"SELECT {Columns} FROM certificates", "id", "id DESC", Read) { IsPickedByKey = true };

    /// <summary>Adds a certificate; label, operation, identity and CA are those of its transaction.</summary>
    /// <returns>False, and nothing is written, when the transaction is not open.</returns>
    public static bool Insert(Session session, IssuedCertificate issued, Guid transaction, DateTimeOffset at) => session.Try(
        $"""
        INSERT INTO certificates
            (sha256, serial, ca, subject, issuer, not_before, not_after, key_type, der, label, operation, identity, transaction_id,
             issued_at, names)
        SELECT @sha256, @serial, t.ca, @subject, @issuer, @notBefore, @notAfter, @keyType, @der, t.label, t.operation, t.identity,
               t.id, @at, @names
        FROM transactions t WHERE t.id = @transaction AND t.{TransactionRows.IsOpen}
        """,
        ("sha256", issued.Sha256), ("serial", issued.SerialHex), ("subject", issued.SubjectText),
        ("issuer", issued.IssuerText), ("notBefore", issued.NotBefore), ("notAfter", issued.NotAfter), ("keyType", issued.KeyType),
        ("der", issued.Der), ("at", at), ("names", issued.Names.IsEmpty ? Absent.Bytes : (object)issued.Names), ("transaction", transaction));

    public static CertificateRecord? Find(Session session, ReadOnlyMemory<byte> sha256) =>
        session.First(BySha256Sql, Read, ("sha256", sha256));

    public static List<CertificateRecord> BySerial(Session session, string serial, string? authority) => authority is null
        ? session.All(BySerialSql, Read, ("serial", serial))
        : session.All(BySerialAndCaSql, Read, ("serial", serial), ("ca", authority));

    public static List<CertificateRecord> Named(
        Session session, string label, ReadOnlyMemory<byte> names, string subjectText, DateTimeOffset notEnded)
    {
        const int most = 100;
        List<CertificateRecord> found = session.All(
            ByNamesSql, Read, ("label", label), ("names", names), ("notEnded", notEnded), ("limit", most));
        return found.Count > 0
            ? found
            : session.All(BySubjectSql, Read, ("label", label), ("subject", subjectText), ("notEnded", notEnded), ("limit", most));
    }

    /// <summary>The certificates behind a mark whose end has come, in the order of their ends.</summary>
    public static List<(long Id, CertificateRecord Certificate)> Ended(Session session, long markTime, long markId, DateTimeOffset now, int most) =>
        session.All(
            EndedSql, static row => (row.GetInt64(16), Read(row)),
            ("markTime", markTime), ("markId", markId), ("now", now), ("limit", most));

    /// <returns>How many rows it marked: those of the serial number that were not revoked.</returns>
    public static int Revoke(Session session, string serial, string authority, int reason, DateTimeOffset at) => session.Execute(
        RevokeSql, ("at", at), ("reason", reason), ("serial", serial), ("ca", authority));

    /// <returns>Whether it was not revoked before.</returns>
    public static bool Revoke(Session session, ReadOnlyMemory<byte> sha256, int reason, DateTimeOffset at) => session.Execute(
        RevokeOneSql, ("at", at), ("reason", reason), ("sha256", sha256)) == 1;

    /// <summary>The keys of the rows that <see cref="Revoke(Session, string, string, int, DateTimeOffset)"/> is going to mark.</summary>
    public static List<long> ValidIds(Session session, string serial, string authority) =>
        session.All(ValidIdsSql, static row => row.GetInt64(0), ("serial", serial), ("ca", authority));

    public static long? Id(Session session, ReadOnlyMemory<byte> sha256) => session.Number(IdSql, ("sha256", sha256));

    /// <summary>What each CA has issued of a block, and when the first of these ends that are active.</summary>
    public static List<(string Authority, AuthorityFigures Figures, DateTimeOffset? End)> Figures(
        Session session, Block block, DateTimeOffset today, DateTimeOffset now) => session.All(
        FiguresSql,
        static row => (row.GetString(0), new AuthorityFigures(Whole(row, 2), Whole(row, 1), Whole(row, 3), row.Time(5)), row.TimeOrNull(4)),
        ("today", today), ("now", now), ("blockBegin", block.Begin), ("blockEnd", block.End));

    // A sum has another type on each engine.
    private static long Whole(DbDataReader row, int column) => Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);

    private static CertificateRecord Read(DbDataReader row) => new(
        new IssuedCertificate(
            row.Bytes(0), row.Bytes(1), row.GetString(2), row.GetString(3), row.GetString(4), row.Time(5), row.Time(6), row.GetString(7)),
        row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11), row.Id(12), row.Time(13), row.TimeOrNull(14),
        row.NumberOrNull(15));
}
