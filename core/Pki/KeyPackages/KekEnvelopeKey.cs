using System.Formats.Asn1;
using System.Security.Cryptography;
using Kipuka.Sdk;

namespace Kipuka.Pki;

/// <summary>Opens what was encrypted with a symmetric key that both sides have.</summary>
internal sealed class KekEnvelopeKey(Secret key) : EnvelopeKey
{
    public override Asn1Tag Tag => new(TagClass.ContextSpecific, 2);

    public override PinnedBuffer Unwrap(AsnReader recipient)
    {
        SkipVersion(recipient);
        recipient.ReadSequence();
        var algorithm = AlgorithmIdentifier.Read(recipient);
        var length = AesKeyWrap.KekBytes(algorithm.Oid) ?? throw new MalformedException($"a recipient has the unknown key wrap {algorithm.Oid}");
        var wrapped = recipient.ReadOctets();
        recipient.ThrowIfNotEmpty();
        return length == key.Length
            ? AesKeyWrap.Unwrap(key.Reveal(), wrapped.Span)
            : throw new CryptographicException($"the key wrap takes a key of {length} bytes");
    }
}
