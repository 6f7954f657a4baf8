using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>One signature of a SignedData (RFC 5652 section 5.3).</summary>
internal sealed class SignerInfo
{
    private const int MostAttributes = 64;
    private static readonly Asn1Tag Context0 = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag SetOf = new(UniversalTagNumber.SetOf, isConstructed: true);

    private readonly ReadOnlyMemory<byte>? _keyIdentifier;
    private readonly ReadOnlyMemory<byte> _issuer;
    private readonly ReadOnlyMemory<byte> _serial;
    private readonly HashAlgorithmName _hash;

    private SignerInfo(AsnReader signer)
    {
        signer.ReadInteger();
        if (signer.PeekTag().HasSameClassAndValue(Context0))
        {
            _keyIdentifier = signer.ReadOctets(Context0);
        }
        else
        {
            var name = signer.ReadSequence();
            (_issuer, _serial) = (name.ReadEncodedValue(), name.ReadIntegerBytes());
            name.ThrowIfNotEmpty();
        }
        _hash = Hash(AlgorithmIdentifier.Read(signer).Oid);
        if (signer.PeekTag().HasSameClassAndValue(Context0))
        {
            // Signed as a SET OF, whatever tag it has here (RFC 5652 section 5.4).
            var attributes = signer.ReadEncodedValue().ToArray();
            attributes[0] = 0x31;
            Attributes = attributes;
        }
        Algorithm = SignedWith(AlgorithmIdentifier.Read(signer));
        Signature = signer.ReadOctets();
        if (signer.HasData) signer.ReadEncodedValue(); // unsigned attributes
        signer.ThrowIfNotEmpty();
    }

    /// <summary>The signed attributes, as they are signed; null where the content is signed itself.</summary>
    public ReadOnlyMemory<byte>? Attributes { get; }

    public SignatureAlgorithm Algorithm { get; }

    public ReadOnlyMemory<byte> Signature { get; }

    public static SignerInfo Read(AsnReader set) => new(set.ReadSequence());

    public bool Names(CertificateFields certificate) => _keyIdentifier is { } id
        ? certificate.SubjectKeyIdentifier is { } own && own.Span.SequenceEqual(id.Span)
        : certificate.IssuerRaw.Span.SequenceEqual(_issuer.Span) && certificate.SerialNumber.Span.SequenceEqual(_serial.Span);

    /// <summary>The attributes are about this content (RFC 5652 section 5.6).</summary>
    public void CheckAttributes(string contentType, ReadOnlySpan<byte> content)
    {
        var (type, digest) = Der.Read(Attributes!.Value, "the signed attributes", ReadAttributes);
        if (type != contentType) throw new MalformedException("the signed attributes are about another type of content");
        if (!CryptographicOperations.HashData(_hash, content).AsSpan().SequenceEqual(digest.Span))
        {
            throw new MalformedException("the signed message is not what was signed: its digest is another");
        }
    }

    private static (string?, ReadOnlyMemory<byte>) ReadAttributes(AsnReader reader)
    {
        string? type = null;
        ReadOnlyMemory<byte>? digest = null;
        var set = reader.ReadSetOf(SetOf);
        for (var count = 1; set.HasData; count++)
        {
            Limits.Check(count, MostAttributes, "the signed message has too many attributes");
            var attribute = set.ReadSequence();
            var oid = attribute.ReadOid();
            var values = attribute.ReadSetOf();
            attribute.ThrowIfNotEmpty();
            if (oid == Oids.ContentType && type is null) type = values.ReadOid();
            else if (oid == Oids.MessageDigest && digest is null) digest = values.ReadOctets();
            else if (oid is Oids.ContentType or Oids.MessageDigest) throw new MalformedException("a signed attribute occurs twice");
        }
        return (type, digest ?? throw new MalformedException("the signed attributes have no digest"));
    }

    private SignatureAlgorithm SignedWith(AlgorithmIdentifier algorithm) => algorithm.Oid == Oids.RsaEncryption
        ? new SignatureAlgorithm("rsaEncryption", KeyFamily.Rsa, _hash.Name!.ToLowerInvariant())
        : SignatureAlgorithms.Parse(algorithm);

    private static HashAlgorithmName Hash(string oid) => oid switch
    {
        Oids.Sha256 => HashAlgorithmName.SHA256,
        Oids.Sha384 => HashAlgorithmName.SHA384,
        Oids.Sha512 => HashAlgorithmName.SHA512,
        _ => throw new MalformedException($"the signed message has the unknown or too weak digest {oid}"),
    };
}
