namespace Kipuka.Store;

/// <summary>Certificates whose end has come and is not in the journal yet.</summary>
internal sealed class Expiries(Database database, Journal journal)
{
    internal const string MarkSql = "SELECT not_after, certificate_id FROM expiry_mark WHERE only_row = 1";

    /// <summary>Records the next certificates that have ended, in one transaction with the mark that says so.</summary>
    /// <returns>How many.</returns>
    public async Task<int> NoteAsync(int most, Func<CertificateRecord, AuditRecord> record, CancellationToken cancel)
    {
        // Looked for without the writer: mostly there is nothing.
        if (!await database.ReadAsync(session => Ended(session, Mark(session), 1).Count > 0, cancel))
        {
            return 0;
        }

        return await database.WriteAsync(
            batch =>
            {
                MarkPlace mark = Mark(batch.Session);
                List<(long Id, CertificateRecord Certificate)> ended = Ended(batch.Session, mark, most);
                if (ended.Count == 0)
                {
                    return 0;
                }

                (long id, CertificateRecord last) = ended[^1];
                // Another node may have been here since the mark was read: then its records stand, and nothing of ours.
                if (batch.Session.Execute(
                    """
                    UPDATE expiry_mark SET not_after = @notAfter, certificate_id = @id
                    WHERE only_row = 1 AND not_after = @knownNotAfter AND certificate_id = @knownId
                    """,
                    ("notAfter", last.Certificate.NotAfter), ("id", id), ("knownNotAfter", mark.NotAfter), ("knownId", mark.Id)) != 1)
                {
                    batch.Undo = true;
                    return 0;
                }

                journal.Append(batch, [.. ended.Select(one => record(one.Certificate))]);
                return ended.Count;
            },
            cancel);
    }

    private List<(long Id, CertificateRecord Certificate)> Ended(Session session, MarkPlace mark, int most) =>
        CertificateRows.Ended(session, mark.NotAfter, mark.Id, database.Clock.GetUtcNow(), most);

    private static MarkPlace Mark(Session session) =>
        session.First(MarkSql, static row => new MarkPlace(row.GetInt64(0), row.GetInt64(1))) ?? new MarkPlace(0, 0);

    private sealed record MarkPlace(long NotAfter, long Id);
}
