using System.Globalization;
using System.Text.Json;
using Kipuka.Sdk.Audit;

namespace Kipuka.Audit;

/// <summary>
/// A record as JSON: the members of both of the book's shapes (ruling 55) and, under <c>details</c>, everything the record was given, so that
/// its hash can be computed from the text. What a record has no value for is null in the book's members.
/// </summary>
internal static class AuditJson
{
    /// <summary>The detail that is large: left out where it was not asked for.</summary>
    public const string Certificate = "certificate";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <param name="json">Where to.</param>
    /// <param name="record">What.</param>
    /// <param name="withCertificate">Whether the PEM certificate is told; without it the hash cannot be computed from the text.</param>
    public static void Write(Utf8JsonWriter json, AuditEvent record, bool withCertificate)
    {
        json.WriteStartObject();
        json.WriteString("timestamp", Text(record.Time));
        json.WriteString("event_type", record.Name);
        json.WriteString("action", EventWords.ActionOf(record));
        json.WriteString("niap", record.Niap);
        json.WriteString("outcome", record.Success ? "success" : "failure");
        json.WriteString("result", record.Success ? "success" : "failure");
        json.WriteString("subject", record.Fields.GetValueOrDefault("subject"));
        json.WriteString("actor", record.Actor);
        json.WriteString("auth_method", MethodOf(record));
        json.WriteString("source_ip", record.Source?.ToString());
        json.WriteString("client_ip", record.Source?.ToString());
        json.WriteString("label", record.Label);
        json.WriteString("ca_id", record.Authority);
        json.WriteString("serial", record.Serial);
        foreach (var name in Prominent)
        {
            json.WriteString(name, record.Fields.GetValueOrDefault(name));
        }
        json.WriteStartObject("details");
        foreach (var (name, value) in record.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            if (withCertificate || name != Certificate)
            {
                json.WriteString(name, value);
            }
        }
        json.WriteEndObject();
        json.WriteString("node", record.Node);
        json.WriteNumber("sequence", record.Sequence);
        json.WriteString("previous_hash", Convert.ToHexStringLower(record.PreviousHash.Span));
        json.WriteString("hash", Convert.ToHexStringLower(record.Hash.Span));
        json.WriteEndObject();
    }

    /// <summary>The same as a value, to stand in another answer.</summary>
    public static JsonElement Element(AuditEvent record)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, record, withCertificate: false);
        }
        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }

    private static readonly string[] Prominent = ["issuer", "not_before", "not_after", "fingerprint", "reason"];

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static string? MethodOf(AuditEvent record) => record.Name.StartsWith("auth.", StringComparison.Ordinal)
        ? record.Name.Split('.')[1]
        : record.Actor?.Split(':')[0];
}
