namespace Kipuka.Store;

/// <summary>A filter of certificates as SQL conditions.</summary>
/// <remarks>COALESCE keeps the engines from walking the index of one column where a block of the list is to be walked.</remarks>
internal sealed class CertificateQuery : ListQuery
{
    public CertificateQuery(CertificateFilter filter, DateTimeOffset now)
    {
        Moves = filter.Status is not null;
        switch (filter.Status)
        {
            case CertificateStatus.Active:
                Add("revoked_at IS NULL AND COALESCE(not_after, 0) >= @now", Now, now);
                break;
            case CertificateStatus.Expired:
                Add("revoked_at IS NULL AND COALESCE(not_after, 0) < @now", Now, now);
                break;
            case CertificateStatus.Revoked:
                Add("revoked_at IS NOT NULL");
                break;
        }

        Add("COALESCE(ca, '') = @ca", "ca", filter.Authority);
        Add("COALESCE(label, '') = @label", "label", filter.Label);
        Add("issued_at >= @after", "after", filter.IssuedAfter);
        Add("issued_at < @before", "before", filter.IssuedBefore);
        Add("LOWER(subject) LIKE @subject ESCAPE '!'", "subject", Part(filter.Subject));
        Add("LOWER(issuer) LIKE @issuer ESCAPE '!'", "issuer", Part(filter.Issuer));
    }
}
