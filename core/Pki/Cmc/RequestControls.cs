using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>The controls inside a CRMF request (RFC 4211 6). One is understood, all others are refused by name: ignoring one would change what was asked.</summary>
/// <param name="OldCertificate">RFC 4211 6.5: the certificate to be replaced.</param>
internal sealed record RequestControls(CertificateName? OldCertificate)
{
    private static readonly Dictionary<string, string> Refused = new()
    {
        [CmcOids.CrmfRegToken] = "regToken: prove who you are with a signature, a TLS client certificate or HTTP Basic",
        [CmcOids.CrmfAuthenticator] = "authenticator: prove who you are with a signature, a TLS client certificate or HTTP Basic",
        [CmcOids.CrmfPublicationInfo] = "pkiPublicationInfo: nothing is published here",
        [CmcOids.CrmfArchiveOptions] = "pkiArchiveOptions: no private keys are archived here",
        [CmcOids.CrmfProtocolEncrKey] = "protocolEncrKey: answers are not encrypted, TLS is",
        [CmcOids.PopLinkWitness] = "popLinkWitness: its secret is known here by a hash only; link by estIdentityLinking or the signer's certificate",
        [CmcOids.PopLinkWitnessV2] = "popLinkWitnessV2: its secret is known here by a hash only; link by estIdentityLinking or the signer's certificate",
    };

    public static RequestControls Read(AsnReader sequence)
    {
        CertificateName? old = null;
        while (sequence.HasData)
        {
            var control = sequence.ReadSequence();
            var oid = control.ReadOid();
            if (oid != CmcOids.CrmfOldCertId)
                throw new MalformedException($"the CRMF request has a control that is not taken: {Refused.GetValueOrDefault(oid, oid)}");
            if (old is not null) throw new MalformedException("the CRMF request has two oldCertID controls");
            old = ReadCertId(control.ReadSequence());
            control.ThrowIfNotEmpty();
        }
        return new RequestControls(old);
    }

    private static CertificateName ReadCertId(AsnReader id)
    {
        var issuer = GeneralName.Read(id);
        var serial = CertificateName.ReadSerial(id);
        id.ThrowIfNotEmpty();
        return issuer.Directory is { } name
            ? new CertificateName(name, serial)
            : throw new MalformedException("the issuer in oldCertID is not a directory name");
    }
}
