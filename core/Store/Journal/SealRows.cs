using System.Data.Common;

namespace Kipuka.Store;

/// <summary>The rows of <c>audit_anchors</c> and <c>audit_archives</c>.</summary>
internal static class SealRows
{
    private const string AnchorColumns = "node, number, sequence, hash, time, key_id, signature";

    private const string ArchiveColumns =
        "node, number, first_sequence, last_sequence, previous_hash, hash, time, file_name, file_sha256, key_id, signature";

    internal const string LastAnchorSql = $"SELECT {AnchorColumns} FROM audit_anchors WHERE node = @node ORDER BY number DESC LIMIT 1";

    internal const string LastArchiveSql = $"SELECT {ArchiveColumns} FROM audit_archives WHERE node = @node ORDER BY number DESC LIMIT 1";

    private const string NextAnchoredSql = "SELECT node FROM audit_anchors WHERE node > @after ORDER BY node LIMIT 1";

    private const string NextArchivedSql = "SELECT node FROM audit_archives WHERE node > @after ORDER BY node LIMIT 1";

    public static AuditAnchor? LastAnchor(Session session, string node) => session.First(LastAnchorSql, ReadAnchor, ("node", node));

    public static AuditArchive? LastArchive(Session session, string node) => session.First(LastArchiveSql, ReadArchive, ("node", node));

    public static List<AuditAnchor> Anchors(Session session, string node) => session.All(
        $"SELECT {AnchorColumns} FROM audit_anchors WHERE node = @node ORDER BY number", ReadAnchor, ("node", node));

    public static List<AuditArchive> Archives(Session session, string node) => session.All(
        $"SELECT {ArchiveColumns} FROM audit_archives WHERE node = @node ORDER BY number", ReadArchive, ("node", node));

    /// <summary>All nodes that anything tells of, also those whose records are gone.</summary>
    public static List<string> Nodes(Session session) =>
        [.. AuditRows.Nodes(session).Union(AuditRows.Nodes(session, NextAnchoredSql)).Union(AuditRows.Nodes(session, NextArchivedSql)).Order(StringComparer.Ordinal)];

    public static void Insert(Session session, AuditAnchor anchor) => session.Execute(
        $"INSERT INTO audit_anchors ({AnchorColumns}) VALUES (@node, @number, @sequence, @hash, @time, @key, @signature)",
        ("node", anchor.Node), ("number", anchor.Number), ("sequence", anchor.Sequence), ("hash", anchor.Hash), ("time", anchor.Time),
        ("key", anchor.KeyId), ("signature", anchor.Signature));

    /// <returns>False when the chain has an archive of this number: another node was quicker.</returns>
    public static bool TryInsert(Session session, AuditArchive archive)
    {
        try
        {
            return session.Execute(
                $"""
                INSERT INTO audit_archives ({ArchiveColumns})
                VALUES (@node, @number, @first, @last, @previous, @hash, @time, @file, @sha256, @key, @signature)
                """,
                ("node", archive.Node), ("number", archive.Number), ("first", archive.First), ("last", archive.Last),
                ("previous", archive.PreviousHash), ("hash", archive.Hash), ("time", archive.Time), ("file", archive.FileName),
                ("sha256", archive.FileSha256), ("key", archive.KeyId), ("signature", archive.Signature)) == 1;
        }
        catch (DbException fault) when (session.Dialect.IsDuplicate(fault))
        {
            return false;
        }
    }

    private static AuditAnchor ReadAnchor(DbDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.Bytes(3), row.Time(4), row.GetString(5), row.Bytes(6));

    private static AuditArchive ReadArchive(DbDataReader row) => new(
        row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.Bytes(4), row.Bytes(5), row.Time(6), row.GetString(7),
        row.Bytes(8), row.GetString(9), row.Bytes(10));
}
