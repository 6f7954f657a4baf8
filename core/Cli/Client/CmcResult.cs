using System.Net;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;

namespace Kipuka.Cli.Client;

/// <summary>What a server answered to a Full PKI Request: statuses, certificates, and who signed it.</summary>
internal sealed record CmcResult(
    HttpStatusCode Code, IReadOnlyList<CmcStatusInfo> Statuses, IReadOnlyList<CertificateFields> Certificates, CertificateFields? Signer)
{
    public bool Succeeded => Code == HttpStatusCode.OK && Statuses.All(status => status.Status == CmcStatus.Success);

    /// <summary>Reads a Full PKI Response, whose signature must hold, or a Simple one, which has none (RFC 5272 section 4).</summary>
    /// <exception cref="MalformedException">It is neither.</exception>
    public static CmcResult Parse(HttpStatusCode code, ReadOnlyMemory<byte> body, bool isSimple)
    {
        if (isSimple)
        {
            return new CmcResult(code, [CmcStatusInfo.Success(BodyParts.Message)], [.. CertsOnly.Decode(body).Select(CertificateFields.Parse)], null);
        }
        var message = SignedMessage.Parse(body);
        if (message.ContentType != CmcOids.PkiResponse)
        {
            throw new MalformedException($"its content is {message.ContentType}, which is no PKIResponse");
        }
        var signature = message.Signatures is [{ IsNone: false } only] ? only : throw new MalformedException("it does not have one signature");
        var signer = message.Certificates.FirstOrDefault(signature.Signer.Names) ?? throw new MalformedException("it lacks its signer's certificate");
        if (signature.Check(message, signer.PublicKey) is { } wrong)
        {
            throw new MalformedException(wrong.Reason);
        }
        var statuses = PkiResponse.Parse(message.Content).Statuses;
        return new CmcResult(code, statuses, [.. message.Certificates.Where(one => !one.IsCa && !ReferenceEquals(one, signer))], signer);
    }
}
