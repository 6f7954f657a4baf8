using System.Globalization;
using Kipuka.Auth;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Ca;
using Kipuka.Store;

namespace Kipuka.Enroll;

/// <summary>One transaction from the choice of a CA to its end: what is held, opened and closed, each durable before the next step.</summary>
internal sealed class Issuance
{
    private const int SpendTries = 20;

    private readonly Ledger _ledger;
    private readonly EnrollRequest _ask;
    private readonly LedgerKey _key;
    private readonly LedgerEntry? _resumed;
    private readonly TimeSpan _resendWindow;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private bool _held;
    private bool _opened;

    /// <param name="resumed">The entry that a crash or a lost answer left open; null for a new transaction.</param>
    public Issuance(Ledger ledger, EnrollRequest ask, LedgerKey key, LedgerEntry? resumed, TimeSpan resendWindow, string node, TimeProvider clock)
    {
        _ledger = ledger;
        _ask = ask;
        _key = key;
        _resumed = resumed;
        _resendWindow = resendWindow;
        _node = node;
        _clock = clock;
        Transaction = resumed?.Transaction ?? Guid.CreateVersion7(clock.GetUtcNow());
    }

    public Guid Transaction { get; }

    /// <summary>Ends what a crash left open so long ago that nobody waits for it: the client that asks now gets a transaction of its own.</summary>
    public static async Task GiveUpAsync(Ledger ledger, LedgerEntry open, HeldCredential? credential)
    {
        // First the use, which can be given back twice: after a crash in between, the entry is found and given up again.
        if (credential is not null)
        {
            await credential.Credential.ReleaseAsync(open.Transaction, CancellationToken.None);
        }
        await ledger.FailAsync(open.Transaction, "abandoned: the request was not repeated within the resend window", [], [], CancellationToken.None);
    }

    /// <summary>Whom to ask: after a crash only the CA that may have issued already.</summary>
    public IEnumerable<CaMember> Candidates()
        => _resumed is null ? _ask.Group.Order() : _ask.Group.Order().Where(member => member.Id == _resumed.Authority);

    public async Task<bool> HoldAsync()
    {
        // The hold outlives every repeat that may still find this transaction.
        var until = _clock.GetUtcNow() + _resendWindow + TimeSpan.FromMinutes(10);
        return _held = _ask.Credential is null || await _ask.Credential.Credential.HoldAsync(Transaction, until, CancellationToken.None);
    }

    /// <summary>Makes serial and draft durable. A resumed transaction keeps those it had: the CA may have signed them.</summary>
    public async Task<CertificateDraft> OpenAsync(CaMember member, Approval.Granted granted)
    {
        if (_resumed is not null)
        {
            return DraftCodec.Decode(_resumed.Draft);
        }
        var draft = granted.Draft;
        var encoded = DraftCodec.Encode(draft);
        if (_opened)
        {
            await _ledger.ReassignAsync(Transaction, member.Id, draft.Serial, encoded, CancellationToken.None);
        }
        else
        {
            var entry = new LedgerEntry(
                Transaction, _key, _ask.Operation, LedgerState.Open, member.Id, draft.Serial, encoded, Certificate: default, _node,
                Opened: _clock.GetUtcNow(), Closed: null, Delivered: false, draft.NotBefore, draft.NotAfter, Revoked: null);
            await _ledger.OpenAsync(entry, _ask.Trail.Take(), CancellationToken.None);
            _opened = true;
        }
        return draft;
    }

    public async Task<EnrollOutcome> CloseAsync(CaMember member, ReadOnlyMemory<byte> certificate, Notes notes)
    {
        var fields = CertificateFields.Parse(certificate);
        AddSuccess(member, fields, notes);
        var events = _ask.Trail.Take();
        var issued = new IssuedCertificate(
            certificate,
            Convert.FromHexString(fields.FingerprintSha256),
            fields.SerialHex,
            fields.Subject.Text,
            fields.Issuer.Text,
            fields.NotBefore,
            fields.NotAfter,
            fields.PublicKey.KeyType.Name);
        for (var attempt = 0; attempt < SpendTries; attempt++)
        {
            PluginWrite[] writes = _ask.Credential is { } held
                ? [new PluginWrite(held.Instance, await held.Credential.SpendAsync(Transaction, CancellationToken.None))]
                : [];
            if (await _ledger.CloseAsync(Transaction, issued, events, writes, CancellationToken.None) == CloseOutcome.Closed)
            {
                return new EnrollOutcome.Issued(Transaction, certificate);
            }
        }
        // The entry stays open, so the client's repeat gets this certificate once the credential's record is quiet.
        return new EnrollOutcome.Refused(new Refusal(RefusalKind.Unavailable, "contention", "the one-time credential is in use elsewhere", TimeSpan.FromSeconds(1)));
    }

    /// <summary>Ends without a certificate. Nothing was issued, so the use of the credential is given back.</summary>
    public async Task<EnrollOutcome> AbandonAsync(Refusal refusal)
    {
        // A resumed transaction may have been issued before the crash; that its CA is away now settles nothing.
        if (_resumed is not null && refusal.Kind == RefusalKind.Unavailable)
        {
            return new EnrollOutcome.Refused(refusal);
        }
        // The use first: it can be given back twice, and after a crash in between the open entry is found again.
        if ((_held || _resumed is not null) && _ask.Credential is { } credential)
        {
            await credential.Credential.ReleaseAsync(Transaction, CancellationToken.None);
        }
        if (_opened || _resumed is not null)
        {
            await _ledger.FailAsync(Transaction, refusal.Detail, _ask.Trail.Take(), [], CancellationToken.None);
        }
        return new EnrollOutcome.Refused(refusal);
    }

    private void AddSuccess(CaMember member, CertificateFields fields, Notes notes)
    {
        var details = new Dictionary<string, string>(notes.Fields)
        {
            ["transaction"] = Transaction.ToString(),
            ["subject"] = fields.Subject.Text,
            ["issuer"] = fields.Issuer.Text,
            ["fingerprint"] = fields.FingerprintSha256,
            ["not_before"] = Time(fields.NotBefore),
            ["not_after"] = Time(fields.NotAfter),
            ["certificate"] = System.Security.Cryptography.PemEncoding.WriteString("CERTIFICATE", fields.Raw.Span),
        };
        if (fields.SubjectAltName is { } names)
        {
            details["san"] = names.Text;
        }
        _ask.Trail.Add(_ask.IsRenewal ? "cert.renewed" : "cert.issued", true, details, member.Id, fields.SerialHex);
        if (_ask.Credential is not null)
        {
            _ask.Trail.Add($"{_ask.Requester.Identity.Method}.used", true, null, member.Id, fields.SerialHex);
        }
        _ask.Trail.Add($"{_ask.Word}.success", true, null, member.Id, fields.SerialHex);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
