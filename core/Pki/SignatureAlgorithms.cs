using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>The signature algorithms that are accepted, and those that are refused by name.</summary>
internal static class SignatureAlgorithms
{
    private static readonly Dictionary<string, SignatureAlgorithm> Accepted = new()
    {
        [Oids.Sha256WithRsa] = new("sha256WithRSAEncryption", KeyFamily.Rsa, "sha256"),
        [Oids.Sha384WithRsa] = new("sha384WithRSAEncryption", KeyFamily.Rsa, "sha384"),
        [Oids.Sha512WithRsa] = new("sha512WithRSAEncryption", KeyFamily.Rsa, "sha512"),
        [Oids.EcdsaWithSha256] = new("ecdsa-with-SHA256", KeyFamily.Ecdsa, "sha256"),
        [Oids.EcdsaWithSha384] = new("ecdsa-with-SHA384", KeyFamily.Ecdsa, "sha384"),
        [Oids.EcdsaWithSha512] = new("ecdsa-with-SHA512", KeyFamily.Ecdsa, "sha512"),
        [Oids.MlDsa44] = new("ml-dsa-44", KeyFamily.MlDsa),
        [Oids.MlDsa65] = new("ml-dsa-65", KeyFamily.MlDsa),
        [Oids.MlDsa87] = new("ml-dsa-87", KeyFamily.MlDsa),
        [Oids.Ed25519] = new("ed25519", KeyFamily.Ed25519),
    };

    private static readonly Dictionary<string, SignatureAlgorithm> Pss = new()
    {
        [Oids.Sha256] = new("RSASSA-PSS-SHA256", KeyFamily.Rsa, "sha256", Pss: true),
        [Oids.Sha384] = new("RSASSA-PSS-SHA384", KeyFamily.Rsa, "sha384", Pss: true),
        [Oids.Sha512] = new("RSASSA-PSS-SHA512", KeyFamily.Rsa, "sha512", Pss: true),
    };

    private static readonly Dictionary<string, string> Refused = new()
    {
        [Oids.Md2WithRsa] = "md2WithRSAEncryption",
        [Oids.Md5WithRsa] = "md5WithRSAEncryption",
        [Oids.Sha1WithRsa] = "sha1WithRSAEncryption",
        [Oids.Sha1WithRsaOiw] = "sha1WithRSASignature",
        [Oids.Sha224WithRsa] = "sha224WithRSAEncryption",
        [Oids.EcdsaWithSha1] = "ecdsa-with-SHA1",
        [Oids.EcdsaWithSha224] = "ecdsa-with-SHA224",
        [Oids.DsaWithSha1] = "dsa-with-SHA1",
    };

    /// <summary>The algorithm, or a <see cref="MalformedException"/> that names it and says why it is not taken.</summary>
    public static SignatureAlgorithm Parse(AlgorithmIdentifier id)
    {
        if (id.Oid == Oids.RsaSsaPss) return ParsePss(id);
        if (Refused.TryGetValue(id.Oid, out var weak)) throw new MalformedException($"the signature algorithm {weak} is too weak");
        if (!Accepted.TryGetValue(id.Oid, out var algorithm)) throw new MalformedException($"the signature algorithm {id.Oid} is unknown");

        // RFC 4055 5 has NULL for RSA, and absence accepted; RFC 5758 3.2 and RFC 9881 2 have the parameters absent.
        var fine = id.Parameters is null || (algorithm.Family == KeyFamily.Rsa && id.ParametersAreNull);
        return fine ? algorithm : throw new MalformedException($"the signature algorithm {algorithm.Name} has wrong parameters");
    }

    /// <summary>Whether a configured entry names anything: a hash, or an algorithm's full name.</summary>
    public static bool IsKnown(string configured) => Accepted.Values.Concat(Pss.Values).Any(a => a.Matches(configured));

    /// <summary>The OID of the algorithm that a configured entry means for keys of a family; null where it means none.</summary>
    public static string? OidFor(string configured, KeyFamily family) =>
        Accepted.FirstOrDefault(a => a.Value.Family == family && a.Value.Matches(configured)).Key
        ?? (Pss.Values.Any(a => a.Family == family && a.Matches(configured)) ? Oids.RsaSsaPss : null);

    /// <summary>The name of an algorithm that we take; null for any other OID.</summary>
    public static string? Name(string oid) => oid == Oids.RsaSsaPss ? "RSASSA-PSS" : Accepted.GetValueOrDefault(oid)?.Name;

    internal static string Plain(string name) =>
        string.Concat(name.Where(c => c is not ('-' or '_' or ' '))).ToLowerInvariant();

    /// <summary>
    /// RSASSA-PSS-params (RFC 4055 3.1). Every default is SHA-1's, so all three fields must stand. The salt is as long as the hash:
    /// the platform verifies no other, and the CA/B baseline requirements (7.1.3.2.1) know no other.
    /// </summary>
    private static SignatureAlgorithm ParsePss(AlgorithmIdentifier id)
    {
        if (id.Parameters is not { } parameters) throw new MalformedException("RSASSA-PSS has no parameters, which would mean SHA-1");
        var (hash, mask, salt) = Der.Read(parameters, "the RSASSA-PSS parameters", static reader =>
        {
            var sequence = reader.ReadSequence();
            var hash = Explicit(sequence, 0, ReadHash, absent: "");
            var mask = Explicit(sequence, 1, ReadMask, absent: "");
            var salt = Explicit(sequence, 2, static r => r.TryReadInt32(out var n) ? n : -1, absent: 20);
            sequence.ThrowIfNotEmpty(); // a trailer field could only say its default, which DER leaves out
            return (hash, mask, salt);
        });
        if (!Pss.TryGetValue(hash, out var algorithm))
            throw new MalformedException("RSASSA-PSS is accepted with SHA-256, SHA-384 or SHA-512 only");
        if (mask != hash) throw new MalformedException("RSASSA-PSS must use the same hash for the mask as for the message");
        var length = algorithm.Hash switch { "sha256" => 32, "sha384" => 48, _ => 64 };
        return salt == length
            ? algorithm
            : throw new MalformedException($"RSASSA-PSS must have a salt as long as its hash, {length} bytes");
    }

    private static T Explicit<T>(AsnReader sequence, int number, Func<AsnReader, T> read, T absent)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number);
        if (!sequence.HasData || !sequence.PeekTag().HasSameClassAndValue(tag)) return absent;
        var field = sequence.ReadSequence(tag);
        var value = read(field);
        field.ThrowIfNotEmpty();
        return value;
    }

    private static string ReadHash(AsnReader reader)
    {
        var id = AlgorithmIdentifier.Read(reader);
        return id.Parameters is null || id.ParametersAreNull ? id.Oid : "";
    }

    private static string ReadMask(AsnReader reader)
    {
        var id = AlgorithmIdentifier.Read(reader);
        return id.Oid == Oids.Mgf1 && id.Parameters is { } hash ? Der.Read(hash, "the MGF1 parameters", ReadHash) : "";
    }
}
