using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.AuditFile;

/// <summary>One record as one line of JSON, in the book's shape: the record's own members, and its details beside them.</summary>
internal static class JsonLine
{
    // Details that the book puts before the rest.
    private static readonly string[] Leading = ["issuer", "not_before", "not_after"];

    private static readonly HashSet<string> Own =
    [
        "timestamp", "event_type", "niap", "outcome", "source_ip", "serial", "label", "ca_id", "actor", "node", "sequence", "previous_hash", "hash",
    ];

    public static void Write(AuditEvent record, IBufferWriter<byte> line)
    {
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", record.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("event_type", record.Name);
            json.WriteString("niap", record.Niap);
            json.WriteString("outcome", record.Success ? "success" : "failure");
            WriteDetail(json, record, "subject");
            WriteText(json, "source_ip", record.Source?.ToString());
            WriteText(json, "serial", record.Serial);
            foreach (var name in Leading)
            {
                WriteDetail(json, record, name);
            }
            WriteText(json, "label", record.Label);
            WriteText(json, "ca_id", record.Authority);
            WriteText(json, "actor", record.Actor);
            WriteOtherDetails(json, record);
            json.WriteString("node", record.Node);
            json.WriteNumber("sequence", record.Sequence);
            json.WriteString("previous_hash", Convert.ToHexStringLower(record.PreviousHash.Span));
            json.WriteString("hash", Convert.ToHexStringLower(record.Hash.Span));
            json.WriteEndObject();
        }
        line.Write("\n"u8);
    }

    private static void WriteOtherDetails(Utf8JsonWriter json, AuditEvent record)
    {
        foreach (var (name, value) in record.Fields)
        {
            if (name != "subject" && !Leading.Contains(name))
            {
                // A name twice in an object is read in two ways by two readers: a detail never hides what the record itself says.
                json.WriteString(Own.Contains(name) ? $"detail_{name}" : name, value);
            }
        }
    }

    private static void WriteDetail(Utf8JsonWriter json, AuditEvent record, string name)
        => WriteText(json, name, record.Fields.GetValueOrDefault(name));

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
