using Kipuka.Pki;
using Kipuka.Pki.Cmc;
using Kipuka.Sdk.Transport;

namespace Kipuka.Enroll.Cmc;

/// <summary>A Full PKI Request, taken apart (RFC 5272 section 3.2). Nothing in it is believed yet.</summary>
internal sealed record FullRequest(SignedMessage Message, PkiData Data, RequestOrders Orders)
{
    /// <exception cref="MalformedException">It is not one.</exception>
    public static FullRequest Parse(EstBody body)
    {
        if (body is not EstBody.Der der)
        {
            throw new MalformedException(body is EstBody.Undecodable broken ? broken.Reason : "the request has no body");
        }
        var message = SignedMessage.Parse(der.Bytes);
        if (message.ContentType != CmcOids.PkiData)
        {
            throw new MalformedException($"the content of the message is not a PKIData but {message.ContentType} (RFC 5272 3.2.1)");
        }
        var data = PkiData.Parse(message.Content);
        return new FullRequest(message, data, RequestOrders.Read(data));
    }
}
