using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>The certs-only Simple PKI Response (RFC 5272 4.1, RFC 7030 4.1.3): a SignedData with certificates and no signer.</summary>
internal static class CertsOnly
{
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0, isConstructed: true);

    /// <summary>
    /// Wraps certificates in the order given. A SET OF in DER would be sorted, but CMS is BER (RFC 5652 12.1), no signature covers the
    /// set, and clients that take the first certificate for their own are common: the leaf stays first.
    /// </summary>
    public static byte[] Encode(params IEnumerable<ReadOnlyMemory<byte>> certificates)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteObjectIdentifier(Oids.SignedData);
            using (writer.PushSequence(Context0))
            using (writer.PushSequence())
            {
                writer.WriteInteger(1);
                using (writer.PushSetOf()) { } // digestAlgorithms
                using (writer.PushSequence()) writer.WriteObjectIdentifier(Oids.Data);
                using (writer.PushSequence(Context0)) // as a sequence, so that the writer does not sort
                {
                    foreach (var certificate in certificates) writer.WriteEncodedValue(certificate.Span);
                }
                using (writer.PushSetOf()) { } // signerInfos
            }
        }
        return writer.Encode();
    }

    /// <summary>The certificates of a response, in its order. Accepts BER: servers other than this one send it.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Decode(ReadOnlyMemory<byte> content) =>
        Der.Read(content, "the certs-only response", Read, AsnEncodingRules.BER);

    private static List<ReadOnlyMemory<byte>> Read(AsnReader reader)
    {
        var info = reader.ReadSequence();
        if (info.ReadOid() != Oids.SignedData) throw new MalformedException("the certs-only response is not a SignedData");
        var tagged = info.ReadSequence(Context0);
        info.ThrowIfNotEmpty();
        var signed = tagged.ReadSequence();
        tagged.ThrowIfNotEmpty();
        if (!signed.TryReadInt32(out var version) || version is < 1 or > 5)
            throw new MalformedException("the certs-only response has a wrong version");
        signed.ReadSetOf(skipSortOrderValidation: true);
        signed.ReadSequence();
        var certificates = new List<ReadOnlyMemory<byte>>();
        if (!signed.HasData || !signed.PeekTag().HasSameClassAndValue(Context0)) return certificates;
        for (var set = signed.ReadSetOf(skipSortOrderValidation: true, Context0); set.HasData;)
        {
            Limits.Check(certificates.Count + 1, Limits.CertificatesInBundle, "the certs-only response has too many certificates");
            var isCertificate = set.PeekTag() == Asn1Tag.Sequence; // other choices are attribute certificates and the like
            var value = set.ReadEncodedValue();
            if (isCertificate) certificates.Add(value);
        }
        return certificates;
    }
}
