using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>
/// What the controls of a request say (RFC 5272 6), sorted by what is to be done with each. A control that changes what the message means, and is not
/// understood, fails the whole message (3.2.1.1); one that orders something else, and is not served, fails alone.
/// </summary>
internal sealed class RequestOrders
{
    private const string UseOtherProof =
        "shared secrets are known here by a hash only; prove who you are with a signature, a TLS client certificate or HTTP Basic";

    private const string UseOtherLink =
        "shared secrets are known here by a hash only; link the request with estIdentityLinking, challengePassword or the signer's certificate";

    // Known, and passed over: hints, nonces of an earlier message, a client's own words about an earlier answer.
    private static readonly string[] Noted =
        [CmcOids.Identification, CmcOids.RecipientNonce, CmcOids.RegInfo, CmcOids.StatusInfo, CmcOids.StatusInfoV2];

    private static readonly Dictionary<string, string> NotServed = new()
    {
        [CmcOids.GetCrl] = "no CRLs are kept here",
        [CmcOids.PublishCert] = "nothing is published here",
        [CmcOids.QueryPending] = "send the same request again: the server knows it by its content",
    };

    private static readonly Dictionary<string, (CmcFailure Failure, string Text)> Forbidding = new()
    {
        [CmcOids.IdentityProof] = (CmcFailure.BadIdentity, UseOtherProof),
        [CmcOids.IdentityProofV2] = (CmcFailure.BadIdentity, UseOtherProof),
        [CmcOids.PopLinkRandom] = (CmcFailure.PopFailed, UseOtherLink),
        [CmcOids.PopLinkWitness] = (CmcFailure.PopFailed, UseOtherLink),
        [CmcOids.PopLinkWitnessV2] = (CmcFailure.PopFailed, UseOtherLink),
        [CmcOids.DecryptedPop] = (CmcFailure.PopFailed, "no encrypted challenge was sent; sign the request with its key"),
        [CmcOids.AddExtensions] = (CmcFailure.BadRequest, "requests are not modified here; put the extensions into the request"),
        [CmcOids.ModCertTemplate] = (CmcFailure.BadRequest, "requests are not modified here; make the request as it shall be"),
        [CmcOids.BatchRequests] = (CmcFailure.BadRequest, "nested messages are not taken; put the requests into reqSequence"),
        [CmcOids.RaIdentityWitness] = (CmcFailure.BadRequest, "nested messages are not taken; put the requests into reqSequence"),
        [CmcOids.ControlProcessed] = (CmcFailure.BadRequest, "nothing is known here that another server has processed"),
    };

    private readonly List<PopWitness> _witnesses = [];
    private readonly List<RevokeRequest> _revocations = [];
    private readonly List<(uint Part, CertificateName Certificate)> _lookups = [];
    private readonly List<(uint Part, CertificateName Certificate)> _confirmations = [];
    private readonly List<ReadOnlyMemory<byte>> _dataReturn = [];
    private readonly List<CmcStatusInfo> _unserved = [];
    private readonly List<CmcStatusInfo> _fatal = [];

    private RequestOrders(PkiData data)
    {
        foreach (var control in data.Controls)
        {
            try
            {
                Sort(control);
            }
            catch (MalformedException malformed)
            {
                _fatal.Add(CmcStatusInfo.Failed(CmcFailure.BadRequest, malformed.Message, control.BodyPart));
            }
        }
        var known = data.Requests.Select(request => request.BodyPart).ToHashSet();
        _fatal.AddRange(_witnesses.Where(witness => !witness.Requests.All(known.Contains)).Select(witness => CmcStatusInfo.Failed(
            CmcFailure.BadRequest, "the lraPOPWitness control names a request that is not in the message", witness.BodyPart)));
    }

    public ReadOnlyMemory<byte>? TransactionId { get; private set; }

    public ReadOnlyMemory<byte>? SenderNonce { get; private set; }

    /// <summary>To be sent back.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> DataReturn => _dataReturn;

    public IReadOnlyList<PopWitness> Witnesses => _witnesses;

    public IReadOnlyList<RevokeRequest> Revocations => _revocations;

    /// <summary>getCert.</summary>
    public IReadOnlyList<(uint Part, CertificateName Certificate)> Lookups => _lookups;

    /// <summary>confirmCertAcceptance.</summary>
    public IReadOnlyList<(uint Part, CertificateName Certificate)> Confirmations => _confirmations;

    /// <summary>The answers for what is not served.</summary>
    public IReadOnlyList<CmcStatusInfo> Unserved => _unserved;

    /// <summary>Where this is not empty, nothing of the message may be done.</summary>
    public IReadOnlyList<CmcStatusInfo> Fatal => _fatal;

    public static RequestOrders Read(PkiData data) => new(data);

    private void Sort(CmcControl control)
    {
        switch (control.Oid)
        {
            case CmcOids.TransactionId:
                TransactionId = Once(TransactionId, control, static c => c.Value("the transactionId", static reader =>
                {
                    var raw = reader.PeekEncodedValue();
                    reader.ReadIntegerBytes();
                    return raw.Length <= Limits.CmcValueBytes ? raw : throw new MalformedException("the transactionId is too long");
                }));
                break;
            case CmcOids.SenderNonce:
                SenderNonce = Once(SenderNonce, control, static c => c.Octets("the senderNonce"));
                break;
            case CmcOids.DataReturn:
                _dataReturn.Add(control.Octets("the dataReturn control"));
                break;
            case CmcOids.LraPopWitness:
                _witnesses.Add(PopWitness.Read(control));
                break;
            case CmcOids.RevokeRequest:
                _revocations.Add(RevokeRequest.Read(control));
                break;
            case CmcOids.GetCert:
                _lookups.Add((control.BodyPart, control.Value("the getCert control", ReadGetCert)));
                break;
            case CmcOids.ConfirmCertAcceptance:
                _confirmations.Add((control.BodyPart, control.Value("the confirmCertAcceptance control", static reader => CertificateName.Read(reader.ReadSequence()))));
                break;
            default:
                Refuse(control);
                break;
        }
    }

    private void Refuse(CmcControl control)
    {
        if (NotServed.TryGetValue(control.Oid, out var why))
        {
            _unserved.Add(CmcStatusInfo.NoSupport(why, control.BodyPart));
        }
        else if (Forbidding.TryGetValue(control.Oid, out var refusal))
        {
            _fatal.Add(CmcStatusInfo.Failed(refusal.Failure, refusal.Text, control.BodyPart));
        }
        else if (!Noted.Contains(control.Oid))
        {
            _fatal.Add(CmcStatusInfo.Failed(CmcFailure.BadRequest, $"the control {control.Oid} is not one that a request may have here", control.BodyPart));
        }
    }

    private static ReadOnlyMemory<byte> Once(ReadOnlyMemory<byte>? before, CmcControl control, Func<CmcControl, ReadOnlyMemory<byte>> read)
        => before is null ? read(control) : throw new MalformedException($"the control {control.Oid} occurs twice");

    private static CertificateName ReadGetCert(AsnReader reader)
    {
        var sequence = reader.ReadSequence();
        var issuer = GeneralName.Read(sequence);
        var serial = CertificateName.ReadSerial(sequence);
        sequence.ThrowIfNotEmpty();
        return issuer.Directory is { } name
            ? new CertificateName(name, serial)
            : throw new MalformedException("the issuer in the getCert control is not a directory name");
    }
}
