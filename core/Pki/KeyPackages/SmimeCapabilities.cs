namespace Kipuka.Pki;

/// <summary>
/// The algorithms that a client can use, those it likes best in front (RFC 8551 section 2.5.2, RFC 7030 section 4.4.1). A kind of algorithm
/// of which it names none is left to us. Parameters are passed over: ours are what the algorithms' own RFCs say.
/// </summary>
internal sealed class SmimeCapabilities(IReadOnlyList<string> oids)
{
    private const int Most = 64;
    private const string AesArc = "2.16.840.1.101.3.4.1.";

    // RFC 3565 and 5649 wraps; 3DES and RC2 wraps (RFC 3370).
    private static readonly HashSet<string> Wraps =
    [
        Oids.Aes128Wrap, Oids.Aes192Wrap, Oids.Aes256Wrap, AesArc + "8", AesArc + "28", AesArc + "48",
        "1.2.840.113549.1.9.16.3.6", "1.2.840.113549.1.9.16.3.7",
    ];

    // PKCS#1 v1.5, OAEP, RSA-KEM.
    private static readonly HashSet<string> Transports = [Oids.RsaEncryption, Oids.RsaesOaep, "1.2.840.113549.1.9.16.3.14"];

    // SECG and ANSI schemes of ECDH and ECMQV (RFC 5753).
    private static readonly string[] Agreements = ["1.3.132.1.", "1.3.133.16.840.63.0."];

    // RC2, RC4 and 3DES; DES; Camellia; ChaCha20-Poly1305.
    private static readonly string[] OtherCiphers = ["1.2.840.113549.3.", "1.3.14.3.2.7", "1.2.392.200011.61.1.1.1.", "1.2.840.113549.1.9.16.3.18"];

    public static SmimeCapabilities Read(RequestAttributes attributes)
    {
        if (attributes.Single(Oids.SmimeCapabilities, "the SMIMECapabilities") is not { } value) return new SmimeCapabilities([]);
        return new SmimeCapabilities(Der.Read(value, "the SMIMECapabilities", static reader =>
        {
            var oids = new List<string>();
            for (var list = reader.ReadSequence(); list.HasData;)
            {
                Limits.Check(oids.Count + 1, Most, "the SMIMECapabilities are too many");
                var one = list.ReadSequence();
                oids.Add(one.ReadOid());
                while (one.HasData) one.ReadEncodedValue();
            }
            return oids;
        }));
    }

    /// <summary>The content encryption that the client likes best among ours.</summary>
    /// <exception cref="MalformedException">It names content encryptions, and none of ours.</exception>
    public ContentCipher ChooseCipher()
    {
        var named = oids.Where(IsCipher).ToList();
        return named.Count == 0
            ? ContentCipher.Aes256Cbc
            : named.Select(ContentCipher.ByOid).FirstOrDefault(cipher => cipher is not null)
                ?? throw Nothing("content encryption", named, string.Join(", ", ContentCipher.All));
    }

    /// <summary>The length of the AES key that shall wrap.</summary>
    public int ChooseWrap()
    {
        var named = oids.Where(Wraps.Contains).ToList();
        return named.Count == 0
            ? 32
            : named.Select(AesKeyWrap.KekBytes).FirstOrDefault(bytes => bytes is not null)
                ?? throw Nothing("key wrap", named, "aes128-wrap, aes192-wrap, aes256-wrap");
    }

    /// <summary>Whether a key wrap with a key of this length suits the client.</summary>
    public void CheckWrap(int kekBytes)
    {
        var named = oids.Where(Wraps.Contains).ToList();
        if (named.Count > 0 && !named.Contains(AesKeyWrap.Oid(kekBytes))) throw Nothing("key wrap", named, $"aes{kekBytes * 8}-wrap");
    }

    /// <summary>Whether the way to encrypt to a public key suits the client.</summary>
    public void CheckRecipient(KeyType key)
    {
        if (key.Family == KeyFamily.Rsa)
        {
            var named = oids.Where(Transports.Contains).ToList();
            if (named.Count > 0 && !named.Contains(Oids.RsaesOaep)) throw Nothing("key transport", named, "RSAES-OAEP");
        }
        else if (key.Family == KeyFamily.Ecdsa)
        {
            var named = oids.Where(oid => Agreements.Any(arc => oid.StartsWith(arc, StringComparison.Ordinal))).ToList();
            var scheme = KeyAgreement.Scheme(key);
            if (named.Count > 0 && !named.Contains(scheme)) throw Nothing("key agreement", named, $"{scheme} for {key}");
        }
    }

    private static bool IsCipher(string oid) => !Wraps.Contains(oid)
        && (oid.StartsWith(AesArc, StringComparison.Ordinal) || OtherCiphers.Any(arc => oid.StartsWith(arc, StringComparison.Ordinal)));

    private static MalformedException Nothing(string kind, List<string> named, string ours)
        => new($"the SMIMECapabilities name no {kind} that this server has: {string.Join(", ", named.Take(4))}; it has {ours}");
}
