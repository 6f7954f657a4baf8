namespace Kipuka.Pki;

/// <summary>What encrypts the content of an envelope (RFC 3565, RFC 5084).</summary>
/// <param name="Name">As CMS calls it: <c>aes256-CBC</c>.</param>
/// <param name="Oid">Its identifier.</param>
/// <param name="KeyBytes">The length of the content-encryption key.</param>
/// <param name="Authenticated">GCM, which makes the envelope an AuthEnvelopedData (RFC 5083).</param>
internal sealed record ContentCipher(string Name, string Oid, int KeyBytes, bool Authenticated)
{
    public static readonly ContentCipher Aes256Cbc = new("aes256-CBC", Oids.Aes256Cbc, 32, false);

    public static IReadOnlyList<ContentCipher> All { get; } =
    [
        Aes256Cbc, new("aes256-GCM", Oids.Aes256Gcm, 32, true),
        new("aes192-CBC", Oids.Aes192Cbc, 24, false), new("aes192-GCM", Oids.Aes192Gcm, 24, true),
        new("aes128-CBC", Oids.Aes128Cbc, 16, false), new("aes128-GCM", Oids.Aes128Gcm, 16, true),
    ];

    public static ContentCipher? ByOid(string oid) => All.FirstOrDefault(cipher => cipher.Oid == oid);

    public override string ToString() => Name;
}
