using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>One extension, of a certificate or asked for in a CSR (RFC 5280 4.1): the value is the content of extnValue.</summary>
internal sealed record CertificateExtension(string Oid, bool Critical, ReadOnlyMemory<byte> Value)
{
    /// <summary>Reads an Extensions sequence. An OID that occurs twice is refused (RFC 5280 4.2).</summary>
    public static IReadOnlyList<CertificateExtension> ReadList(AsnReader reader)
    {
        var list = new List<CertificateExtension>();
        for (var sequence = reader.ReadSequence(); sequence.HasData;)
        {
            Limits.Check(list.Count + 1, Limits.Extensions, "too many extensions");
            list.Add(Read(sequence.ReadSequence()));
        }
        RefuseDuplicates(list);
        return list;
    }

    public static void RefuseDuplicates(IEnumerable<CertificateExtension> list)
    {
        var seen = new HashSet<string>();
        if (list.FirstOrDefault(e => !seen.Add(e.Oid)) is { } twice)
            throw new MalformedException($"the extension {twice.Oid} occurs twice");
    }

    private static CertificateExtension Read(AsnReader sequence)
    {
        var oid = sequence.ReadOid();
        // DER leaves a FALSE out; device certificates in the field spell it, and it means the same.
        var critical = sequence.PeekTag().HasSameClassAndValue(Asn1Tag.Boolean) && sequence.ReadBoolean();
        var value = sequence.ReadOctets();
        sequence.ThrowIfNotEmpty();
        return new CertificateExtension(oid, critical, value);
    }
}
