using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Testing;

/// <summary>A Full PKI Response as Bouncy Castle reads it.</summary>
/// <param name="ContentType">Of the signed content.</param>
/// <param name="Signers">Whether each signature holds, and whose it is.</param>
/// <param name="Statuses">In their order.</param>
/// <param name="Controls">All others: the OID, and an octet string's content or any other value's encoding, in hex.</param>
/// <param name="Certificates">What the message brings.</param>
public sealed record CmcReply(
    string ContentType,
    IReadOnlyList<(bool Holds, X509Certificate2 Certificate)> Signers,
    IReadOnlyList<CmcReplyStatus> Statuses,
    IReadOnlyList<(string Oid, string Hex)> Controls,
    IReadOnlyList<X509Certificate2> Certificates)
{
    /// <summary>What was issued or looked up: certificates beside the signer's.</summary>
    public IReadOnlyList<X509Certificate2> Issued => [.. Certificates.Where(one => Signers.All(signer => !signer.Certificate.Equals(one)))];

    /// <summary>The status of one part.</summary>
    public CmcReplyStatus Of(uint part) => Statuses.Single(status => status.Parts.Contains(part));

    public string? Control(string oid) => Controls.Where(control => control.Oid == oid).Select(control => control.Hex).SingleOrDefault();

    public override string ToString() => string.Join('\n', Statuses);

    internal static CmcReply Parse(IReadOnlyList<string> lines)
    {
        var words = lines.Select(line => line.Split(' ')).ToList();
        return new CmcReply(
            words.Single(word => word[0] == "type")[1],
            [.. words.Where(word => word[0] == "signer").Select(word => (word[1] == "true", Load(word[2])))],
            [.. words.Where(word => word[0] == "status").Select(CmcReplyStatus.Parse)],
            [.. words.Where(word => word[0] == "control").Select(word => (word[1], word[2]))],
            [.. words.Where(word => word[0] == "certificate").Select(word => Load(word[1]))]);
    }

    private static X509Certificate2 Load(string base64) => X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
}

/// <summary>A CMCStatusInfoV2: numbers as RFC 5272 section 6.1 has them.</summary>
/// <param name="Status">CMCStatus.</param>
/// <param name="Parts">The body parts it is about.</param>
/// <param name="Failure">CMCFailInfo; null for none.</param>
/// <param name="Text">For people.</param>
/// <param name="IsPending">Whether it has a PendInfo.</param>
public sealed record CmcReplyStatus(int Status, IReadOnlyList<uint> Parts, int? Failure, string Text, bool IsPending)
{
    internal static CmcReplyStatus Parse(string[] words) => new(
        int.Parse(words[1], CultureInfo.InvariantCulture),
        [.. words[2].Split(',').Select(part => uint.Parse(part, CultureInfo.InvariantCulture))],
        int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var failure) ? failure : null,
        string.Join(' ', words.Skip(4)),
        words[3] == "pending");
}
