using System.Buffers;
using System.Globalization;
using System.Text;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>One record as one SYSLOG-MSG (RFC 5424 section 6). Whatever a record holds, the message is valid and within the limit.</summary>
internal sealed class MessageFormat(Facility facility, string hostname, string application, string structure, int limit)
{
    private const int Informational = 6;
    private const int Warning = 4;
    private const int MaxEvent = 64;
    private const int MaxNode = 255;
    private const int MaxHash = 64;

    // HOSTNAME and APP-NAME are the same in every message; PROCID too, as the server is one process.
    private readonly string source = $"{SafeText.Header(hostname, 255)} {SafeText.Header(application, 48)} {Environment.ProcessId}";

    public void Write(AuditEvent record, IBufferWriter<byte> output)
    {
        var head = Encoding.ASCII.GetBytes($"{Header(record)} [{structure}");
        IReadOnlyList<Parameter> identity = [.. Identity(record)];
        // MSG stands last in the message and first where room is short: people read it.
        IReadOnlyList<Parameter> texts = [Parameter.Text(RecordDetails.Sentence(record)), .. RecordDetails.Of(record)];
        var room = limit - head.Length - identity.Sum(parameter => parameter.Length) - "]".Length;
        if (texts.Sum(text => text.Length) > room)
        {
            var truncated = Parameter.Of("truncated", "true");
            identity = [.. identity, truncated];
            texts = Shortening.Fit(texts, room - truncated.Length);
        }
        output.Write(head);
        foreach (var parameter in identity.Concat(texts.Skip(1)))
        {
            parameter.WriteTo(output);
        }
        output.Write("]"u8);
        texts[0].WriteTo(output);
    }

    private string Header(AuditEvent record)
    {
        var priority = ((int)facility * 8) + (record.Success ? Informational : Warning);
        var time = record.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        return $"<{priority}>1 {time} {source} {SafeText.Header(record.Name, 32)}";
    }

    /// <summary>What tells a record from every other: in each message, and never cut for the sake of the rest.</summary>
    private static IEnumerable<Parameter> Identity(AuditEvent record) =>
    [
        Parameter.Of("event_type", record.Name).Within(MaxEvent),
        Parameter.Of("outcome", record.Success ? "success" : "failure"),
        Parameter.Of("node", record.Node).Within(MaxNode),
        Parameter.Of("sequence", record.Sequence.ToString(CultureInfo.InvariantCulture)),
        Parameter.Of("hash", Convert.ToHexStringLower(record.Hash.Span)).Within(MaxHash),
    ];
}
