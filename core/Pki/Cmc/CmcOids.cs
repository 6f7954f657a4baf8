namespace Kipuka.Pki.Cmc;

/// <summary>Content types and controls of CMC (RFC 5272, RFC 6402), and controls of CRMF (RFC 4211).</summary>
internal static class CmcOids
{
    public const string NoSignature = "1.3.6.1.5.5.7.6.2";
    public const string PkiData = "1.3.6.1.5.5.7.12.2";
    public const string PkiResponse = "1.3.6.1.5.5.7.12.3";
    public const string StatusInfo = "1.3.6.1.5.5.7.7.1";
    public const string Identification = "1.3.6.1.5.5.7.7.2";
    public const string IdentityProof = "1.3.6.1.5.5.7.7.3";
    public const string DataReturn = "1.3.6.1.5.5.7.7.4";
    public const string TransactionId = "1.3.6.1.5.5.7.7.5";
    public const string SenderNonce = "1.3.6.1.5.5.7.7.6";
    public const string RecipientNonce = "1.3.6.1.5.5.7.7.7";
    public const string AddExtensions = "1.3.6.1.5.5.7.7.8";
    public const string DecryptedPop = "1.3.6.1.5.5.7.7.10";
    public const string LraPopWitness = "1.3.6.1.5.5.7.7.11";
    public const string GetCert = "1.3.6.1.5.5.7.7.15";
    public const string GetCrl = "1.3.6.1.5.5.7.7.16";
    public const string RevokeRequest = "1.3.6.1.5.5.7.7.17";
    public const string RegInfo = "1.3.6.1.5.5.7.7.18";
    public const string QueryPending = "1.3.6.1.5.5.7.7.21";
    public const string PopLinkRandom = "1.3.6.1.5.5.7.7.22";
    public const string PopLinkWitness = "1.3.6.1.5.5.7.7.23";
    public const string ConfirmCertAcceptance = "1.3.6.1.5.5.7.7.24";
    public const string StatusInfoV2 = "1.3.6.1.5.5.7.7.25";
    public const string BatchRequests = "1.3.6.1.5.5.7.7.28";
    public const string PublishCert = "1.3.6.1.5.5.7.7.30";
    public const string ModCertTemplate = "1.3.6.1.5.5.7.7.31";
    public const string ControlProcessed = "1.3.6.1.5.5.7.7.32";
    public const string PopLinkWitnessV2 = "1.3.6.1.5.5.7.7.33";
    public const string IdentityProofV2 = "1.3.6.1.5.5.7.7.34";
    public const string RaIdentityWitness = "1.3.6.1.5.5.7.7.35";
    public const string CrmfRegToken = "1.3.6.1.5.5.7.5.1.1";
    public const string CrmfAuthenticator = "1.3.6.1.5.5.7.5.1.2";
    public const string CrmfPublicationInfo = "1.3.6.1.5.5.7.5.1.3";
    public const string CrmfArchiveOptions = "1.3.6.1.5.5.7.5.1.4";
    public const string CrmfOldCertId = "1.3.6.1.5.5.7.5.1.5";
    public const string CrmfProtocolEncrKey = "1.3.6.1.5.5.7.5.1.6";
}
