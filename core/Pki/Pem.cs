using System.Text;

namespace Kipuka.Pki;

/// <summary>One block of armour: what it says it is, and its bytes.</summary>
internal sealed record PemBlock(string Label, ReadOnlyMemory<byte> Der);

/// <summary>Textual encodings (RFC 7468), read in one pass whatever the input: the platform's finder can be made quadratic.</summary>
internal static class Pem
{
    private const string Begin = "-----BEGIN ";
    private const string Dashes = "-----";
    private const int LabelChars = 64;

    /// <summary>Whether bytes are armoured text rather than DER, which begins with a SEQUENCE's tag.</summary>
    public static bool IsPem(ReadOnlySpan<byte> bytes) => bytes.IndexOf("-----BEGIN "u8) >= 0 && (bytes[0] != 0x30);

    /// <summary>All blocks of a text, in order; what stands between them is a comment.</summary>
    public static IReadOnlyList<PemBlock> Read(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes).AsSpan();
        var blocks = new List<PemBlock>();
        for (int at; (at = text.IndexOf(Begin)) >= 0;)
        {
            Limits.Check(blocks.Count + 1, Limits.CertificatesInBundle, "too many PEM blocks");
            text = text[(at + Begin.Length)..];
            var label = Take(ref text).ToString();
            if (label.Length > LabelChars) throw new MalformedException("a PEM block has an overlong label");
            var body = Take(ref text);
            if (!text.StartsWith("END ") || !text[4..].StartsWith(label) || !text[(4 + label.Length)..].StartsWith(Dashes))
                throw new MalformedException("a PEM block does not end as it began");
            text = text[(4 + label.Length + Dashes.Length)..];
            blocks.Add(new PemBlock(label, Decode(body, label)));
        }
        return blocks;
    }

    /// <summary>The certificates of a PEM text, other blocks passed over, or the one certificate of a DER file.</summary>
    /// <param name="file">The file's bytes.</param>
    /// <param name="name">What to call it in an error: its path.</param>
    public static IReadOnlyList<ReadOnlyMemory<byte>> ReadCertificates(ReadOnlyMemory<byte> file, string name)
    {
        if (file.IsEmpty) throw new MalformedException($"{name} is empty");
        try
        {
            if (!IsPem(file.Span))
            {
                if (file.Span[0] != 0x30) throw new MalformedException("neither PEM nor DER");
                CertificateFields.Parse(file);
                return [file];
            }
            var blocks = Read(file.Span);
            var certificates = blocks.Where(b => b.Label is "CERTIFICATE" or "X509 CERTIFICATE").Select(b => b.Der).ToList();
            var labels = blocks.Select(b => NameText.Escape(b.Label)).Distinct();
            if (certificates.Count == 0) throw new MalformedException("no certificate, only " + string.Join(", ", labels));
            for (var i = 0; i < certificates.Count; i++) Check(certificates[i], i + 1);
            return certificates;
        }
        catch (MalformedException e)
        {
            throw new MalformedException($"{name}: {e.Message}");
        }
    }

    /// <summary>Armours one value in lines of 64 characters.</summary>
    public static string Write(string label, ReadOnlySpan<byte> der)
    {
        var text = new StringBuilder().Append(Begin).Append(label).Append(Dashes).Append('\n');
        var base64 = Convert.ToBase64String(der);
        for (var i = 0; i < base64.Length; i += 64) text.Append(base64, i, Math.Min(64, base64.Length - i)).Append('\n');
        return text.Append("-----END ").Append(label).Append(Dashes).Append('\n').ToString();
    }

    private static void Check(ReadOnlyMemory<byte> certificate, int number)
    {
        try
        {
            CertificateFields.Parse(certificate);
        }
        catch (MalformedException e)
        {
            throw new MalformedException($"certificate {number}: {e.Message}");
        }
    }

    // What stands before the next five dashes, which are consumed.
    private static ReadOnlySpan<char> Take(ref ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(Dashes);
        if (end < 0) throw new MalformedException("a PEM block has no end");
        var taken = text[..end];
        text = text[(end + Dashes.Length)..];
        return taken;
    }

    private static byte[] Decode(ReadOnlySpan<char> body, string label)
    {
        var der = new byte[body.Length / 4 * 3 + 3];
        return Convert.TryFromBase64Chars(body, der, out var length) && length > 0
            ? der[..length]
            : throw new MalformedException($"the PEM block {NameText.Escape(label)} is not base64");
    }
}
