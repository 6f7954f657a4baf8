using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Sdk.Tck;

/// <summary>What clients send that want to break something.</summary>
internal static class Garbage
{
    private const int LongestValue = 16 * 1024;

    public static readonly IReadOnlyList<string> Schemes = ["Basic", "Bearer", "Digest", "Negotiate", "NTLM", "DPoP", "basic", "BASIC", "", "?"];

    public static IEnumerable<ReadOnlyMemory<byte>> Values()
    {
        foreach (var length in (int[])[0, 1, 2, 3, 7, 16, 255, 1024, 2047, 2048, 2049, 4096, 8191, LongestValue - 1, LongestValue])
        {
            yield return Fill(length, 0x00);
            yield return Fill(length, 0xFF);
            yield return Fill(length, (byte)'A');
            yield return Fill(length, (byte)'=');
            yield return RandomNumberGenerator.GetBytes(length);
            yield return Base64(RandomNumberGenerator.GetBytes(length * 3 / 4));
        }
        foreach (var text in (string[])[":", "a", "a:", ":a", "::", "user:password", "\0:\0", "ü:€\U0001F512", "user:pass\r\nX-Header: 1", new string(':', 9000), "%s%n", "'; --", "../../etc/passwd"])
        {
            yield return Encoding.UTF8.GetBytes(text);
            yield return Base64(Encoding.UTF8.GetBytes(text));
            yield return Encoding.UTF8.GetBytes($" {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))} ");
        }
        // No UTF-8, half an ASN.1 element, lengths that promise more than there is.
        foreach (var bytes in (byte[][])[[0xC3, 0x28, (byte)':', 0xE2, 0x82], [0x60, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x30, 0x80], [0x30, 0x82, 0x7F, 0xFF, 0x02, 0x01]])
        {
            yield return bytes;
            yield return Base64(bytes);
        }
    }

    /// <summary>Lists of client certificates that are none.</summary>
    public static IEnumerable<IReadOnlyList<ReadOnlyMemory<byte>>> Certificates()
    {
        var truncated = SubjectKeys.NewP256()[..40];
        foreach (var certificate in (ReadOnlyMemory<byte>[])[default, new byte[] { 0x30 }, new byte[] { 0x30, 0x00 }, Fill(LongestValue, 0x30), RandomNumberGenerator.GetBytes(700), truncated])
        {
            yield return [certificate];
            yield return [certificate, certificate];
        }
        yield return [.. Enumerable.Repeat<ReadOnlyMemory<byte>>(new byte[] { 0x30, 0x00 }, 500)];
    }

    private static byte[] Fill(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] Base64(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes));
}
