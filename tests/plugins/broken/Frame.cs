using System.Buffers.Binary;
using System.Net;
using System.Text;
using Kipuka.Sdk.Transport;

namespace Kipuka.TestPlugins.Broken;

/// <summary>
/// The wire. A request: operation (1 byte), length of the label (1), label (UTF-8), length of the body (4, big-endian), body (DER). An answer:
/// status (1), number of parts (1), and for each part its content (1), length (4) and bytes.
/// </summary>
internal static class Frame
{
    private const int LongestLabel = 64;

    /// <exception cref="InvalidDataException">The frame breaks the rules; the connection is of no further use.</exception>
    public static async Task<EstRequest> ReadAsync(Stream stream, IPEndPoint client, long maxBody, CancellationToken cancel)
    {
        var head = await ReadAsync(stream, 2, cancel);
        var operation = (EstOperation)head[0];
        if (!Enum.IsDefined(operation) || head[1] > LongestLabel)
        {
            throw new InvalidDataException("The frame names no operation, or its label is too long.");
        }
        var label = Encoding.UTF8.GetString(await ReadAsync(stream, head[1], cancel));
        var length = BinaryPrimitives.ReadUInt32BigEndian(await ReadAsync(stream, 4, cancel));
        if (length > maxBody)
        {
            throw new InvalidDataException($"The body has {length} bytes; {maxBody} are the most.");
        }
        EstBody body = length == 0 ? new EstBody.None() : new EstBody.Der(await ReadAsync(stream, (int)length, cancel));
        return new EstRequest(operation, label.Length == 0 ? null : label, body, new Peer(client, []));
    }

    /// <summary>Writes an answer in one piece; what is secret in it is zeroed afterwards.</summary>
    public static async Task WriteAsync(Stream stream, EstResponse answer, string flaw, CancellationToken cancel)
    {
        var parts = flaw == "parts" ? [.. answer.Parts.Take(1)] : answer.Parts;
        var bytes = new byte[2 + parts.Sum(part => 5 + part.Bytes.Length)];
        try
        {
            (bytes[0], bytes[1]) = ((byte)StatusOf(answer.Status, flaw), (byte)parts.Count);
            var place = 2;
            foreach (var part in parts)
            {
                bytes[place] = (byte)(flaw == "contents" && part.Content == EstContent.CmcResponse ? EstContent.CertsOnly : part.Content);
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(place + 1), part.Bytes.Length);
                part.Bytes.CopyTo(bytes.AsSpan(place + 5));
                place += 5 + part.Bytes.Length;
            }
            await stream.WriteAsync(bytes, cancel);
        }
        finally
        {
            Array.Clear(bytes);
        }
    }

    private static EstStatus StatusOf(EstStatus status, string flaw) => flaw == "statuses" && status == EstStatus.Forbidden ? EstStatus.Malformed : status;

    private static async Task<byte[]> ReadAsync(Stream stream, int length, CancellationToken cancel)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancel);
        return bytes;
    }
}
