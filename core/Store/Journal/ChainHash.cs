using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Sdk.Audit;

namespace Kipuka.Store;

/// <summary>
/// The hash of a journal record: SHA-256 over the previous hash and every field in a fixed order. A text is its length in four bytes
/// (big-endian) and its UTF-8, an absent one the length 0xFFFFFFFF; a number is eight bytes, big-endian; details come in the ordinal
/// order of their names behind their count. No two different records have the same encoding.
/// </summary>
internal static class ChainHash
{
    public static byte[] Of(AuditEvent record)
    {
        ArrayBufferWriter<byte> buffer = new(512);
        buffer.Write(record.PreviousHash.Span);
        Text(buffer, record.Node);
        Number(buffer, record.Sequence);
        Number(buffer, Micros.Of(record.Time));
        Text(buffer, record.Name);
        Text(buffer, record.Niap);
        Number(buffer, record.Success ? 1 : 0);
        Text(buffer, record.Actor);
        Text(buffer, record.Source?.ToString());
        Text(buffer, record.Label);
        Text(buffer, record.Authority);
        Text(buffer, record.Serial);
        Number(buffer, record.Fields.Count);
        foreach ((string name, string value) in record.Fields.OrderBy(field => field.Key, StringComparer.Ordinal))
        {
            Text(buffer, name);
            Text(buffer, value);
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void Number(ArrayBufferWriter<byte> buffer, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    private static void Text(ArrayBufferWriter<byte> buffer, string? text)
    {
        int length = text is null ? -1 : Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), length);
        buffer.Advance(4);
        if (length > 0)
        {
            buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(length)));
        }
    }
}
