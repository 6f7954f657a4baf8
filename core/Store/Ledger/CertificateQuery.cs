namespace Kipuka.Store;

/// <summary>A filter as SQL conditions.</summary>
internal sealed class CertificateQuery
{
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _values = [];

    public CertificateQuery(CertificateFilter filter, DateTimeOffset now)
    {
        switch (filter.Status)
        {
            case CertificateStatus.Active:
                Add("revoked_at IS NULL AND not_after >= @now", "now", now);
                break;
            case CertificateStatus.Expired:
                Add("revoked_at IS NULL AND not_after < @now", "now", now);
                break;
            case CertificateStatus.Revoked:
                _conditions.Add("revoked_at IS NOT NULL");
                break;
        }

        Add("ca = @ca", "ca", filter.Authority);
        Add("label = @label", "label", filter.Label);
        Add("issued_at >= @after", "after", filter.IssuedAfter);
        Add("issued_at < @before", "before", filter.IssuedBefore);
        Add("LOWER(subject) LIKE @subject ESCAPE '!'", "subject", Pattern(filter.Subject));
        Add("LOWER(issuer) LIKE @issuer ESCAPE '!'", "issuer", Pattern(filter.Issuer));
    }

    public string Where => _conditions.Count == 0 ? "" : "WHERE " + string.Join(" AND ", _conditions);

    public (string Name, object? Value)[] Values => [.. _values];

    private void Add(string condition, string name, object? value)
    {
        if (value is not null)
        {
            _conditions.Add(condition);
            _values.Add((name, value));
        }
    }

    private static string? Pattern(string? part) => part is null
        ? null
#pragma warning disable CA1308 // Lower case on both sides of a comparison.
        : $"%{part.ToLowerInvariant().Replace("!", "!!").Replace("%", "!%").Replace("_", "!_")}%";
#pragma warning restore CA1308
}
