using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Auth;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Ca;
using Kipuka.Store;

namespace Kipuka.Enroll;

/// <summary>One transaction from the choice of a CA to its end: what is held, opened and closed, each durable before the next step.</summary>
internal sealed class Issuance : IDisposable
{
    private const int SpendTries = 20;

    private static readonly TimeSpan CredentialPatience = TimeSpan.FromSeconds(5);

    private readonly Ledger _ledger;
    private readonly Twins _turns;
    private readonly EnrollRequest _ask;
    private readonly LedgerKey _key;
    private readonly LedgerEntry? _resumed;
    private readonly Reading _reading;
    private readonly TimeSpan _resendWindow;
    private readonly string _node;
    private readonly TimeProvider _clock;
    private bool _held;
    private bool _opened;
    private bool _settled;
    private MadeKey? _made;

    /// <param name="ledger">The ledger.</param>
    /// <param name="turns">Where the users of one credential take turns.</param>
    /// <param name="ask">The request.</param>
    /// <param name="key">The same, for the ledger.</param>
    /// <param name="resumed">The entry that a crash, a lost answer or an undecided CA left open; null for a new transaction.</param>
    /// <param name="approved">The id under which somebody was asked to approve; null where nobody was.</param>
    /// <param name="reading">The request as read.</param>
    /// <param name="resendWindow">How long a repeat finds this transaction.</param>
    /// <param name="node">This node.</param>
    /// <param name="clock">The clock.</param>
    public Issuance(
        Ledger ledger, Twins turns, EnrollRequest ask, LedgerKey key, LedgerEntry? resumed, Guid? approved, Reading reading, TimeSpan resendWindow, string node,
        TimeProvider clock)
    {
        _ledger = ledger;
        _turns = turns;
        _ask = ask;
        _key = key;
        _resumed = resumed;
        _reading = reading;
        _resendWindow = resendWindow;
        _node = node;
        _clock = clock;
        // Who waits for approval holds a use of its password already.
        _held = approved is not null;
        Transaction = resumed?.Transaction ?? approved ?? Guid.CreateVersion7(clock.GetUtcNow());
    }

    public Guid Transaction { get; }

    /// <summary>The CA's word for the request, where it was answered Pending before.</summary>
    public string? Ticket => _resumed?.Ticket;

    /// <summary>Ends what was left open so long ago that nobody waits for it: the client that asks now gets a transaction of its own.</summary>
    public static async Task GiveUpAsync(Ledger ledger, LedgerEntry open, EnrollRequest ask, string reason)
    {
        if (open.Ticket is { } ticket && ask.Group.Members.FirstOrDefault(member => member.Id == open.Authority) is { } member)
        {
            await member.Authority.WithdrawAsync(ticket, reason, CancellationToken.None);
        }
        // First the use, which can be given back twice: after a crash in between, the entry is found and given up again.
        if (ask.Credential is not null)
        {
            await ask.Credential.Credential.ReleaseAsync(open.Transaction, CancellationToken.None);
        }
        await ledger.FailAsync(open.Transaction, reason, [], [], CancellationToken.None);
    }

    /// <summary>
    /// A key that the server made and could not deliver is gone, and its certificate is of no use to anybody: it is revoked, and the repeat
    /// gets a new one for the same use of its credential (ruling 42).
    /// </summary>
    /// <returns>The request as it goes on.</returns>
    public static async Task<EnrollRequest> ForgetUndeliveredAsync(Ledger ledger, LedgerEntry before, EnrollRequest ask, DateTimeOffset now)
    {
        if (before.State == LedgerState.Open)
        {
            await GiveUpAsync(ledger, before, ask, "the key was lost before it could be delivered");
            return ask;
        }
        if (before.Delivered || before.Revoked is not null)
        {
            return ask;
        }
        var fields = CertificateFields.Parse(before.Certificate);
        ask.Trail.Add(
            "cert.revoked", true,
            new Dictionary<string, string> { ["subject"] = fields.Subject.Text, ["fingerprint"] = fields.FingerprintSha256, ["reason"] = "superseded", ["detail"] = "its key was not delivered" },
            before.Authority, fields.SerialHex);
        var tell = ask.Group.Members.FirstOrDefault(member => member.Id == before.Authority)?.Authority.TakesRevocations ?? true;
        await ledger.RevokeAsync(fields.SerialHex, before.Authority, (int)X509RevocationReason.Superseded, now, ask.Trail.Take(), CancellationToken.None, tell);
        return ask with { Credential = null };
    }

    /// <summary>
    /// Whether another CA may be asked when one has issued nothing. Not after a crash, where the CA may have issued before it: unless certificates of that CA
    /// come into being only here, since one that had would be in the ledger.
    /// </summary>
    public bool MayFollow => _resumed is null || (Ticket is null && _ask.Group.Members.Any(member => IsResumedAt(member) && member.Authority.IssuesHere));

    /// <summary>Whom to ask: after a crash first the CA that has the request already, or it alone.</summary>
    public async ValueTask<IEnumerable<CaMember>> CandidatesAsync()
    {
        var usable = await _ask.Group.OrderAsync();
        return _resumed is null ? usable : MayFollow ? usable.OrderByDescending(IsResumedAt) : usable.Where(IsResumedAt);
    }

    /// <summary>The serial number for a CA: with a CA that has the request already, the one that it has.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> SerialAsync(CaMember member)
        => IsResumedAt(member) ? _resumed!.Serial : await SerialNumber.NextAsync(member.Authority);

    /// <summary>Has policy judge the request and, where the server makes the key, makes it in between: once, and not for what is refused.</summary>
    /// <param name="member">The CA, which may make the key.</param>
    /// <param name="judge">Policy.</param>
    /// <param name="waits">Whether a person has to agree first: no key is made to be thrown away.</param>
    public async Task<Approval> ApproveAsync(CaMember member, Func<ProvenRequest, Approval> judge, bool waits)
    {
        if (_reading.Key is not { } plan)
        {
            return judge(_reading.Proven);
        }
        if (_made is null)
        {
            if (plan.KeyType == _reading.Proven.PublicKey.KeyType && judge(_reading.Proven) is var first && (waits || first is Approval.Refused))
            {
                return first;
            }
            try
            {
                _made = await plan.MakeAsync(new KeyOrder(member.Authority, Transaction, _ask.Requester.Identity), CancellationToken.None);
            }
            catch (NotSupportedException unsupported)
            {
                return new Approval.Refused(new Refusal(RefusalKind.Policy, "key-type", unsupported.Message));
            }
            if (_made is null)
            {
                return new Approval.Refused(new Refusal(
                    RefusalKind.Unavailable, "key-generation", "too many keys are being made already", TimeSpan.FromSeconds(5)));
            }
            _ask.Trail.Add("key.generated", true, new Dictionary<string, string>(plan.Facts)
            {
                ["operation"] = _ask.OperationName,
                ["transaction"] = Transaction.ToString(),
            });
        }
        return judge(ProvenRequest.ForServerKey(_reading.Proven, _made.PublicKey));
    }

    public async Task<bool> HoldAsync()
    {
        // The hold outlives every repeat that may still find this transaction.
        using var turn = await CredentialTurnAsync();
        var until = _clock.GetUtcNow() + (Ticket is null ? _resendWindow : _ask.Policy.ApprovalLifetime) + TimeSpan.FromMinutes(10);
        return _held = _ask.Credential is null || await _ask.Credential.Credential.HoldAsync(Transaction, until, CancellationToken.None);
    }

    /// <summary>Makes serial and draft durable. A resumed transaction keeps those it had: the CA may have signed them.</summary>
    /// <returns>Null when another node has just opened the same request.</returns>
    public async Task<CertificateDraft?> OpenAsync(CaMember member, Approval.Granted granted, DateTimeOffset newest)
    {
        if (IsResumedAt(member))
        {
            return DraftCodec.Decode(_resumed!.Draft);
        }
        var draft = granted.Draft;
        var encoded = DraftCodec.Encode(draft);
        if (_opened || _resumed is not null)
        {
            await _ledger.ReassignAsync(Transaction, member.Id, draft.Serial, encoded, CancellationToken.None);
        }
        else
        {
            var entry = new LedgerEntry(
                Transaction, _key, _ask.OperationName, LedgerState.Open, member.Id, draft.Serial, encoded, Certificate: default, _node,
                Opened: _clock.GetUtcNow(), Closed: null, Delivered: false, draft.NotBefore, draft.NotAfter, Revoked: null)
            {
                Supersedes = Supersedes(),
            };
            try
            {
                await _ledger.OpenAsync(entry, newest, _ask.Trail.Take(), CancellationToken.None);
            }
            catch (LedgerConflictException)
            {
                return null;
            }
            _opened = true;
        }
        return draft;
    }

    /// <summary>The CA has not decided yet (ruling 45).</summary>
    public async Task<EnrollOutcome> WaitAsync(CaMember member, IssueResult.Pending pending, TimeSpan retryAfter)
    {
        if (_reading.Key is not null)
        {
            const string Why = "the CA decides about requests later, and a private key made here is kept for nobody; make the key there and use /simpleenroll";
            await member.Authority.WithdrawAsync(pending.Ticket, Why, CancellationToken.None);
            return await AbandonAsync(new Refusal(RefusalKind.Policy, "key-cannot-wait", Why));
        }
        if (Ticket != pending.Ticket)
        {
            _ask.Trail.Add("approval.requested", true, new Dictionary<string, string> { ["transaction"] = Transaction.ToString(), ["ticket"] = pending.Ticket });
            await _ledger.WaitAsync(Transaction, pending.Ticket, _ask.Trail.Take(), CancellationToken.None);
            if (_ask.Credential is { } held)
            {
                await held.Credential.HoldAsync(Transaction, _clock.GetUtcNow() + _ask.Policy.ApprovalLifetime, CancellationToken.None);
            }
        }
        return new EnrollOutcome.Pending(Transaction, pending.RetryAfter ?? retryAfter);
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
            fields.PublicKey.KeyType.Name)
        {
            Names = SubjectNames.Key(fields.Subject, fields.SubjectAltName),
        };
        using var turn = await CredentialTurnAsync();
        for (var attempt = 0; attempt < SpendTries; attempt++)
        {
            PluginWrite[] writes = _ask.Credential is { } held
                ? [new PluginWrite(held.Instance, await held.Credential.SpendAsync(Transaction, CancellationToken.None))]
                : [];
            if (await _ledger.CloseAsync(Transaction, issued, events, writes, CancellationToken.None) == CloseOutcome.Closed)
            {
                _settled = true;
                // From here the key is the answer's.
                var key = _made?.Part;
                _made = null;
                return new EnrollOutcome.Issued(Transaction, member.Id, certificate, key);
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
            // One commit has the end of the transaction and its record.
            RefusalRecord.Add(_ask, refusal);
            await _ledger.FailAsync(Transaction, refusal.Detail, _ask.Trail.Take(), [], CancellationToken.None);
            _settled = true;
            return new EnrollOutcome.Refused(refusal) { IsRecorded = true };
        }
        return new EnrollOutcome.Refused(refusal);
    }

    public void Dispose()
    {
        _made?.Dispose();
        if (!_settled && (_opened || _resumed is not null))
        {
            _ledger.LetGo(Transaction);
        }
    }

    private bool IsResumedAt(CaMember member) => member.Id == _resumed?.Authority;

    // Many devices may share one password. Its record is changed by one of them at a time here; from other nodes a change may still come in between.
    private async Task<IDisposable?> CredentialTurnAsync() => _ask.Credential is { } credential
        ? await _turns.EnterAsync($"{credential.Instance}\n{_ask.Requester.Identity.Key}", CredentialPatience, CancellationToken.None)
        : null;

    private Supersession? Supersedes() => _ask.Renewed is { } renewed && _ask.Policy.RevokesPreviousAfter is { } after
        ? new Supersession(Convert.FromHexString(renewed.FingerprintSha256), after)
        : null;

    private void AddSuccess(CaMember member, CertificateFields fields, Notes notes)
    {
        var details = new Dictionary<string, string>(notes.Fields)
        {
            ["operation"] = _ask.OperationName,
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
        if (_ask.Renewed is { } renewed)
        {
            details["renewed_serial"] = renewed.SerialHex;
        }
        _ask.Trail.Add(_ask.IsRenewal ? "cert.renewed" : "cert.issued", true, details, member.Id, fields.SerialHex);
        if (_ask.Credential is not null)
        {
            _ask.Trail.Add($"{_ask.Requester.Identity.Method}.used", true, Same(), member.Id, fields.SerialHex);
        }
        _ask.Trail.Add($"{_ask.Word}.success", true, Same(), member.Id, fields.SerialHex);

        Dictionary<string, string> Same() => new() { ["operation"] = _ask.OperationName, ["fingerprint"] = fields.FingerprintSha256 };
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
