using System.Globalization;
using System.Text;
using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>A signed head of a node's chain: that many records there were, and this was the last one's hash.</summary>
/// <param name="Node">Whose chain.</param>
/// <param name="Number">1, 2, 3, … within the node.</param>
/// <param name="Sequence">The last record that it covers.</param>
/// <param name="Hash">Of that record.</param>
/// <param name="Time">When it was made, to the microsecond.</param>
/// <param name="KeyId">SHA-256 of the public key, lower-case hex.</param>
/// <param name="Signature">Over <see cref="Message"/>.</param>
internal sealed record AuditAnchor(
    string Node, long Number, long Sequence, ReadOnlyMemory<byte> Hash, DateTimeOffset Time, string KeyId, ReadOnlyMemory<byte> Signature)
{
    /// <summary>The event that tells of an anchor in the journal itself, right behind the record that it covers.</summary>
    public const string EventName = "audit.anchored";

    /// <summary>What is signed: lines of text, so that any tool can check it.</summary>
    public byte[] Message => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        kipuka audit anchor 1
        node {Node}
        number {Number}
        sequence {Sequence}
        hash {Convert.ToHexStringLower(Hash.Span)}
        time {Micros.Of(Time)}

        """).ReplaceLineEndings("\n"));

    /// <summary>What the journal says of it.</summary>
    public IReadOnlyDictionary<string, string> Fields => new Dictionary<string, string>
    {
        ["number"] = Number.ToString(CultureInfo.InvariantCulture),
        ["anchored_sequence"] = Sequence.ToString(CultureInfo.InvariantCulture),
        ["anchored_hash"] = Convert.ToHexStringLower(Hash.Span),
        ["anchored_at"] = Micros.Of(Time).ToString(CultureInfo.InvariantCulture),
        ["key_id"] = KeyId,
        ["signature"] = Convert.ToBase64String(Signature.Span),
    };

    /// <summary>The anchor that a record tells of; null when it tells of none that could be.</summary>
    public static AuditAnchor? Of(AuditEvent record)
    {
        try
        {
            return new AuditAnchor(
                record.Node,
                long.Parse(record.Fields["number"], CultureInfo.InvariantCulture),
                long.Parse(record.Fields["anchored_sequence"], CultureInfo.InvariantCulture),
                Convert.FromHexString(record.Fields["anchored_hash"]),
                Micros.ToTime(long.Parse(record.Fields["anchored_at"], CultureInfo.InvariantCulture)),
                record.Fields["key_id"],
                Convert.FromBase64String(record.Fields["signature"]));
        }
        catch (Exception fault) when (fault is FormatException or KeyNotFoundException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
