using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>
/// A CRMF CertReqMsg (RFC 4211 3) within the bounds that RFC 5272 3.2.1.2.2 sets it, parsed strictly, nothing yet believed.
/// </summary>
internal sealed class CertificateMessage
{
    private CertificateMessage(ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> request, CertificateTemplate template, RequestControls controls, CrmfPossession possession)
    {
        Raw = raw;
        SignedBytes = request;
        Template = template;
        Controls = controls;
        Possession = possession;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The CertRequest, which is what the proof of possession covers.</summary>
    public ReadOnlyMemory<byte> SignedBytes { get; }

    public CertificateTemplate Template { get; }

    public RequestControls Controls { get; }

    public CrmfPossession Possession { get; }

    public static CertificateMessage Parse(ReadOnlyMemory<byte> message)
    {
        if (message.Length > Limits.MessageBytes) throw new MalformedException($"the CRMF request is longer than {Limits.MessageBytes} bytes");
        return Der.Read(message, "the CRMF request", Read);
    }

    private static CertificateMessage Read(AsnReader reader)
    {
        var raw = reader.PeekEncodedValue();
        var message = reader.ReadSequence();
        var signed = message.PeekEncodedValue();
        var request = message.ReadSequence();
        BodyParts.Read(request); // certReqId
        var template = CertificateTemplate.Read(request.ReadSequence());
        var controls = request.HasData ? RequestControls.Read(request.ReadSequence()) : new RequestControls(null);
        request.ThrowIfNotEmpty();
        var possession = message.HasData && message.PeekTag().TagClass == TagClass.ContextSpecific
            ? CrmfPossession.Read(message)
            : new CrmfPossession.Absent();
        if (message.HasData && message.PeekTag() == Asn1Tag.Sequence)
            throw new MalformedException("the CRMF request has a regInfo, which CMC does not allow (RFC 5272 3.2.1.2.2)");
        message.ThrowIfNotEmpty();
        return new CertificateMessage(raw, signed, template, controls, possession);
    }
}
