using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Kipuka.Sdk.Audit;

namespace Kipuka.Audit;

/// <summary>Records as lines of JSON, whole: exports and archives, from which the chain can be verified.</summary>
internal static class AuditLines
{
    private const int MostBytes = 1 << 20;

    public static void Write(IBufferWriter<byte> buffer, AuditEvent record)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            AuditJson.Write(json, record, withCertificate: true);
        }
        buffer.Write("\n"u8);
    }

    /// <summary>Reads the records of a file, in its order.</summary>
    /// <exception cref="InvalidDataException">A line is no record; the message names the line.</exception>
    public static IEnumerable<AuditEvent> Read(TextReader lines)
    {
        for (var number = 1L; lines.ReadLine() is { } line; number++)
        {
            if (line.Length > 0)
            {
                yield return Read(line, number);
            }
        }
    }

    private static AuditEvent Read(string line, long number)
    {
        if (line.Length > MostBytes)
        {
            throw new InvalidDataException($"line {number} has more than {MostBytes} characters, which no record has");
        }
        try
        {
            using var document = JsonDocument.Parse(line);
            return Read(document.RootElement);
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"line {number} is no record of an export: {fault.Message}", fault);
        }
    }

    private static AuditEvent Read(JsonElement json) => new(
        Text(json, "node")!,
        json.GetProperty("sequence").GetInt64(),
        DateTimeOffset.Parse(Text(json, "timestamp")!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
        Text(json, "event_type")!,
        Text(json, "niap")!,
        Text(json, "outcome") == "success")
    {
        Actor = Text(json, "actor"),
        Source = Text(json, "source_ip") is { } source ? IPAddress.Parse(source) : null,
        Label = Text(json, "label"),
        Authority = Text(json, "ca_id"),
        Serial = Text(json, "serial"),
        Fields = json.GetProperty("details").EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetString()!),
        PreviousHash = Convert.FromHexString(Text(json, "previous_hash")!),
        Hash = Convert.FromHexString(Text(json, "hash")!),
    };

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
