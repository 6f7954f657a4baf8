using System.Security.Cryptography;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>What a record says, under the names that audit-file's lines have too; the least of use when room is short comes last.</summary>
internal static class RecordDetails
{
    private const string Certificate = "certificate";

    private static readonly string[] Leading = ["subject", "issuer", "not_before", "not_after"];

    private static readonly string[] Own =
    [
        "event_type", "niap", "outcome", "source_ip", "serial", "label", "ca_id", "actor", "node", "sequence", "hash", "truncated",
    ];

    /// <summary>All but what every message has: each name once, and none that the record itself has.</summary>
    public static IEnumerable<Parameter> Of(AuditEvent record)
    {
        HashSet<string> taken = [.. Own];
        foreach (var (name, value) in Named(record).Concat(Others(record)))
        {
            if (value is not null)
            {
                yield return Parameter.Of(name, value);
            }
        }

        IEnumerable<(string Name, string? Value)> Others(AuditEvent other) => other.Fields
            .Where(field => field.Key != Certificate && !Leading.Contains(field.Key))
            .Select(field => (Unique(field.Key, taken), (string?)field.Value))
            .Append((Certificate, Plain(other.Fields.GetValueOrDefault(Certificate))));
    }

    /// <summary>A sentence for people.</summary>
    public static string Sentence(AuditEvent record)
    {
        var text = $"{record.Name} {(record.Success ? "success" : "failure")}";
        string?[] parts =
        [
            record.Fields.GetValueOrDefault("subject"),
            record.Serial is { } serial ? $"serial {serial}" : null,
            record.Authority is { } authority ? $"CA {authority}" : null,
            record.Label is { } label ? $"label {label}" : null,
            record.Actor is { } actor ? $"by {actor}" : null,
            record.Source is { } source ? $"from {source}" : null,
            record.Fields.GetValueOrDefault("reason"),
        ];
        return string.Join(", ", parts.OfType<string>()) is { Length: > 0 } details ? $"{text}: {details}" : text;
    }

    private static IEnumerable<(string Name, string? Value)> Named(AuditEvent record) =>
    [
        ("niap", record.Niap),
        ("subject", record.Fields.GetValueOrDefault("subject")),
        ("source_ip", record.Source?.ToString()),
        ("serial", record.Serial),
        ("issuer", record.Fields.GetValueOrDefault("issuer")),
        ("not_before", record.Fields.GetValueOrDefault("not_before")),
        ("not_after", record.Fields.GetValueOrDefault("not_after")),
        ("label", record.Label),
        ("ca_id", record.Authority),
        ("actor", record.Actor),
    ];

    // A name is at most 32 characters, so two long ones may become the same.
    private static string Unique(string field, HashSet<string> taken)
    {
        var name = SafeText.Name(Own.Contains(field) ? $"detail_{field}" : field);
        for (var number = 2; Leading.Contains(name) || name == Certificate || !taken.Add(name); number++)
        {
            var end = $"_{number}";
            name = $"{name[..Math.Min(name.Length, 32 - end.Length)]}{end}";
        }
        return name;
    }

    // The base64 of a PEM block in one line: a value with line breaks is torn by receivers that know nothing but lines.
    private static string? Plain(string? certificate)
        => certificate is not null && PemEncoding.TryFind(certificate, out var found)
            ? string.Concat(certificate[found.Base64Data].Where(character => !char.IsWhiteSpace(character)))
            : certificate;
}
