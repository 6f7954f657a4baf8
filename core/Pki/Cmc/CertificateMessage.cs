using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>
/// A CRMF CertReqMsg (RFC 4211 3) within the bounds that RFC 5272 3.2.1.2.2 sets it, parsed strictly, nothing yet believed.
/// </summary>
internal sealed class CertificateMessage : IRequestedCertificate
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(100 * 365);

    private CertificateMessage(ReadOnlyMemory<byte> raw, ReadOnlyMemory<byte> request, CertificateTemplate template, RequestControls controls, CrmfPossession possession)
    {
        Raw = raw;
        SignedBytes = request;
        Template = template;
        Requested = new RequestedExtensions(template.Extensions);
        Controls = controls;
        Possession = possession;
    }

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The CertRequest, which is what the proof of possession covers.</summary>
    public ReadOnlyMemory<byte> SignedBytes { get; }

    public CertificateTemplate Template { get; }

    public DistinguishedName Subject => Template.Subject;

    public PublicKeyInfo PublicKey => Template.PublicKey;

    public RequestedExtensions Requested { get; }

    /// <summary>From the start that is asked for, or from the time of reading.</summary>
    public TimeSpan? RequestedValidity { get; private init; }

    /// <summary>An attribute of PKCS#10 alone.</summary>
    public ChangeSubjectName? ChangeSubjectName => null;

    public RequestControls Controls { get; }

    public CrmfPossession Possession { get; }

    /// <param name="message">The CertReqMsg, DER; kept, not copied.</param>
    /// <param name="now">A validity without a start begins now.</param>
    public static CertificateMessage Parse(ReadOnlyMemory<byte> message, DateTimeOffset now)
    {
        if (message.Length > Limits.MessageBytes) throw new MalformedException($"the CRMF request is longer than {Limits.MessageBytes} bytes");
        return Der.Read(message, "the CRMF request", reader => Read(reader, now));
    }

    /// <summary>Whether the request is signed with the key it carries. Throws <see cref="MalformedException"/> for an algorithm that is not taken.</summary>
    public bool VerifySignature()
        => Possession is CrmfPossession.Signed signed && PublicKey.Verify(SignedBytes.Span, signed.Signature.Span, signed.Algorithm);

    private static CertificateMessage Read(AsnReader reader, DateTimeOffset now)
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
        return new CertificateMessage(raw, signed, template, controls, possession) { RequestedValidity = Validity(template, now) };
    }

    private static TimeSpan? Validity(CertificateTemplate template, DateTimeOffset now)
    {
        if (template.NotAfter is not { } end) return null;
        // Whole seconds, as certificates have. RFC 5280 4.1.2.5's "no end" is the year 9999; policy is asked for a century.
        var length = TimeSpan.FromSeconds(Math.Floor((end - (template.NotBefore ?? now)).TotalSeconds));
        return length > TimeSpan.Zero ? (length < Longest ? length : Longest) : throw new MalformedException("the validity that the CRMF request asks for ends before it begins");
    }
}
