using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Ca;

/// <summary>
/// A CA's plugin as the rest of the core sees it: it answers in time, with the certificate that was asked for, or throws
/// <see cref="AuthorityUnavailableException"/> with a named message, or <see cref="OperationCanceledException"/> when the caller cancelled.
/// </summary>
internal sealed class GuardedAuthority
{
    private const int MostTicketChars = 1000;
    private const int FetchedNumbers = 640; // 32 serial numbers

    private readonly TimeProvider clock;
    private readonly Deadline deadline;
    private readonly CallFigures figures;
    private readonly KeptNumbers numbers = new();
    private volatile KnownCertificates? known;
    private volatile bool connected;

    /// <param name="config">The core's keys of the <c>[[ca]]</c> table.</param>
    /// <param name="plugin">The plugin's name, for messages.</param>
    /// <param name="service">The running service; owned by its instance, not by this.</param>
    /// <param name="clock">The clock.</param>
    public GuardedAuthority(CaConfig config, string plugin, ICertificateAuthority service, TimeProvider clock)
        : this(config, plugin, service, clock, new CallFigures(), new Deadline(NameOf(config, plugin), clock))
    {
    }

    private GuardedAuthority(
        CaConfig config, string plugin, ICertificateAuthority service, TimeProvider clock, CallFigures figures, Deadline deadline)
    {
        this.deadline = deadline;
        this.clock = clock;
        this.figures = figures;
        (Config, Plugin, Service) = (config, plugin, service);
        Name = NameOf(config, plugin);
    }

    public CaConfig Config { get; }

    public string Id => Config.Id;

    public string Plugin { get; }

    /// <summary>For messages: <c>ca:default (file)</c>.</summary>
    public string Name { get; }

    /// <summary>For capabilities, found with <c>is</c>. Certificates are asked for only through <see cref="IssueAsync"/>.</summary>
    public ICertificateAuthority Service { get; }

    /// <summary>Whether this service has ever given its certificates. What has not begins in circuit_open (ruling 54).</summary>
    public bool IsConnected => connected;

    /// <summary>Whether <see cref="Certificates"/> can be read, from the service or as last known.</summary>
    public bool HasCertificates => known is not null;

    /// <exception cref="AuthorityUnavailableException">They are not known: the authority has never been reached.</exception>
    public AuthorityCertificates Certificates => Known.Certificates;

    /// <summary>The DER of <c>Certificates.Published</c>.</summary>
    /// <exception cref="AuthorityUnavailableException">They are not known: the authority has never been reached.</exception>
    public IReadOnlyList<ReadOnlyMemory<byte>> PublishedDer => Known.PublishedDer;

    /// <summary>The issuing certificate in its pieces.</summary>
    /// <exception cref="AuthorityUnavailableException">It is not known: the authority has never been reached.</exception>
    public CertificateFields Issuer => Known.Issuer;

    /// <summary>The name constraints of the issuing certificate and of those above it.</summary>
    /// <exception cref="AuthorityUnavailableException">They are not known: the authority has never been reached.</exception>
    public IReadOnlyList<NameConstraints> Constraints => Known.Constraints;

    /// <summary>The issuing certificate's subject key identifier; null when it has none, or is not known.</summary>
    public ReadOnlyMemory<byte>? IssuerKeyIdentifier => known?.IssuerKeyIdentifier;

    /// <summary>Ruling 30: false is degraded health.</summary>
    public bool EndsInRoot => known?.EndsInRoot ?? false;

    /// <summary>What keeps it from being wholly healthy, though it issues; null when nothing does.</summary>
    public string? Flaw => known is not { } certificates || !certificates.EndsInRoot ? "the chain ends in no self-signed certificate" : certificates.Key.Unverifiable;

    /// <summary>Ruling 38: an expired issuer is unhealthy.</summary>
    public bool IsExpired => known is { } certificates && clock.GetUtcNow() > certificates.Issuer.NotAfter;

    public DateTimeOffset? LastSigned => figures.LastSigned;

    /// <summary>When its health was last checked, with whatever outcome.</summary>
    public DateTimeOffset? LastProbed { get; private set; }

    public TimeSpan? TypicalLatency => figures.Latency;

    public int InFlight => figures.InFlight;

    /// <summary>
    /// Whether certificates come into being nowhere but here. Then a call that gave no answer made none, whatever a key's device did: what it says later
    /// is for nobody.
    /// </summary>
    public bool IssuesHere => Service is SigningAuthority;

    private IPendingIssuance PendingIssuance => Service as IPendingIssuance ?? throw new AuthorityUnavailableException(
        $"{Name}: it no longer knows requests that wait (IPendingIssuance is missing)", mayHaveIssued: true);

    private KnownCertificates Known => known ?? throw new AuthorityUnavailableException(
        $"{Name}: its certificates are not known, because it has not been reached since the server started", mayHaveIssued: false);

    /// <summary>The same running service under new keys of the core: a reload that did not touch the plugin's part.</summary>
    public GuardedAuthority With(CaConfig config)
        => new(config, Plugin, Service, clock, figures, deadline) { known = known, connected = connected };

    /// <summary>Certificates to be published while the authority has never been reached (ruling 54). Nothing is issued by them.</summary>
    /// <returns>False when those of the authority itself are known, or these have expired.</returns>
    public bool TryPublish(AuthorityCertificates lastKnown)
    {
        var last = new KnownCertificates(lastKnown);
        return clock.GetUtcNow() <= last.Issuer.NotAfter && Interlocked.CompareExchange(ref known, last, null) is null;
    }

    /// <summary>Fetches the certificates, at start and on every reload.</summary>
    public Task ConnectAsync(CancellationToken cancel) => FetchAsync(Config.Timeout, cancel);

    /// <summary>
    /// Turns a draft into a certificate. When it is cancelled by the caller after the call began, a certificate may exist, just as with
    /// <c>mayHaveIssued</c>.
    /// </summary>
    public Task<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel)
        => AskAsync(draft, token => Service.IssueAsync(draft, token), cancel);

    /// <summary>Asks what became of a request that was answered Pending.</summary>
    public Task<IssueResult> ResumeAsync(string ticket, CertificateDraft draft, CancellationToken cancel)
        => AskAsync(draft, token => PendingIssuance.ResumeAsync(ticket, draft, token), cancel);

    /// <summary>Withdraws a request that was answered Pending.</summary>
    public Task WithdrawAsync(string ticket, string reason, CancellationToken cancel)
        => deadline.CallAsync("withdrawing", token => Withdraw(PendingIssuance, ticket, reason, token), Config.Timeout, mayHaveIssued: false, cancel);

    /// <summary>Whether the CA makes the keys of its clients.</summary>
    public bool MakesKeys => Service is IKeyGeneration;

    /// <summary>Random numbers of the CA's own source, fetched for several serial numbers at once: to ask a network HSM costs as much as a signature.</summary>
    /// <returns>False when it has none.</returns>
    public async ValueTask<bool> TryFillAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        if (Service is not IRandomSource source) return false;
        if (numbers.TryTake(bytes.Span)) return true;
        // Into memory of its own: a call that is given up may still write.
        var fresh = await deadline.CallAsync("random numbers", token => Fill(source, token), Config.Timeout, mayHaveIssued: false, cancel);
        fresh.AsMemory(0, bytes.Length).CopyTo(bytes);
        numbers.Keep(fresh.AsMemory(bytes.Length));
        return true;

        static async ValueTask<byte[]> Fill(IRandomSource source, CancellationToken cancel)
        {
            var own = new byte[FetchedNumbers];
            await source.FillAsync(own, cancel);
            return own;
        }
    }

    /// <summary>A key pair for a client, made by the CA.</summary>
    /// <returns>Null when the CA makes no keys. The caller disposes of it.</returns>
    /// <exception cref="NotSupportedException">It makes none of this kind.</exception>
    public async Task<Sdk.Ca.GeneratedKey?> GenerateKeyAsync(Guid transaction, Identity requester, KeySpec spec, CancellationToken cancel)
    {
        if (Service is not IKeyGeneration keys) return null;
        var (key, unsupported) = await deadline.CallAsync(
            "key generation", token => Generate(keys, transaction, requester, spec, token), Config.Timeout, mayHaveIssued: false, cancel);
        return key ?? throw unsupported!;

        // A kind of key that is not made there is an answer, and no fault of the CA's.
        static async ValueTask<(Sdk.Ca.GeneratedKey? Key, NotSupportedException? Unsupported)> Generate(
            IKeyGeneration keys, Guid transaction, Identity requester, KeySpec spec, CancellationToken cancel)
        {
            try
            {
                return (await keys.GenerateKeyAsync(transaction, requester, spec, cancel), null);
            }
            catch (NotSupportedException fault)
            {
                return (null, fault);
            }
        }
    }

    /// <summary>Whether the CA wants to know what was revoked.</summary>
    public bool TakesRevocations => Service is IRevocation;

    /// <summary>Tells the CA that a certificate is revoked, once more if need be.</summary>
    /// <exception cref="AuthorityUnavailableException">It has not agreed.</exception>
    public Task RevokeAsync(ReadOnlyMemory<byte> serial, X509RevocationReason reason, CancellationToken cancel)
    {
        var revocation = Service as IRevocation
            ?? throw new AuthorityUnavailableException($"{Name}: it is no longer told of revocations (IRevocation is missing)", mayHaveIssued: false);
        return deadline.CallAsync("revoking", token => Revoke(revocation, serial, reason, token), Config.Timeout, mayHaveIssued: false, cancel);

        static async ValueTask<bool> Revoke(IRevocation revocation, ReadOnlyMemory<byte> serial, X509RevocationReason reason, CancellationToken cancel)
        {
            await revocation.RevokeAsync(serial, reason, cancel);
            return true;
        }
    }

    private async Task<IssueResult> AskAsync(CertificateDraft draft, Func<CancellationToken, ValueTask<IssueResult>> ask, CancellationToken cancel)
    {
        var issuer = Known;
        ThrowIfNeverReached();
        ThrowIfExpired();
        ThrowIfUnverifiable(issuer);
        var begun = clock.GetTimestamp();
        figures.Begin();
        try
        {
            var result = await deadline.CallAsync("issuing", ask, Config.Timeout, mayHaveIssued: !IssuesHere, cancel);
            if (result is IssueResult.Refused) return result;
            if (result is IssueResult.Pending pending) return CheckTicket(pending);
            var answer = result is IssueResult.Issued issued ? issued.Certificate : default;
            if (AnswerCheck.FindDifference(draft, answer, issuer) is { } difference) throw Fault(difference, answer);
            figures.Worked(clock.GetElapsedTime(begun), clock.GetUtcNow());
            return result;
        }
        catch (AuthorityUnavailableException)
        {
            figures.Failed(clock.GetElapsedTime(begun));
            throw;
        }
        finally
        {
            figures.End();
        }
    }

    /// <summary>
    /// Finds out whether the authority works, without making a certificate: its own probe when it has one, else its certificates are fetched
    /// anew.
    /// </summary>
    public async Task ProbeAsync(TimeSpan limit, CancellationToken cancel)
    {
        LastProbed = clock.GetUtcNow();
        if (!IsConnected || Service is not IHealthProbe) await FetchAsync(limit, cancel);
        if (Service is IHealthProbe probe)
        {
            var begun = clock.GetTimestamp();
            await deadline.CallAsync("health check", token => Probe(probe, token), limit, mayHaveIssued: false, cancel);
            figures.Worked(clock.GetElapsedTime(begun));
        }
        ThrowIfExpired();

        static async ValueTask<bool> Probe(IHealthProbe probe, CancellationToken cancel)
        {
            await probe.ProbeAsync(cancel);
            return true;
        }
    }

    private static string NameOf(CaConfig config, string plugin) => $"ca:{config.Id} ({plugin})";

    private IssueResult.Pending CheckTicket(IssueResult.Pending pending) => Service is IPendingIssuance && pending.Ticket is { Length: > 0 and <= MostTicketChars }
        ? pending
        : throw new AuthorityUnavailableException(
            $"{Name}: it says that the request is pending, but has no IPendingIssuance, or its ticket is empty or longer than {MostTicketChars} characters", true);

    private static async ValueTask<bool> Withdraw(IPendingIssuance pending, string ticket, string reason, CancellationToken cancel)
    {
        await pending.AbandonAsync(ticket, reason, cancel);
        return true;
    }

    private async Task FetchAsync(TimeSpan limit, CancellationToken cancel)
    {
        // Parsed inside the guard: certificates that cannot be read are as good as none.
        var fetched = await deadline.CallAsync(
            "certificates", async token => new KnownCertificates(await Service.GetCertificatesAsync(token)), limit, mayHaveIssued: false, cancel);
        known = fetched;
        ThrowIfUnverifiable(fetched);
        connected = true;
    }

    // A CA whose answers nobody can judge is used only by somebody's decision.
    private void ThrowIfUnverifiable(KnownCertificates certificates)
    {
        if (certificates.Key.Unverifiable is { } reason && !Config.UnverifiedSignatures)
        {
            throw new AuthorityUnavailableException(
                $"{Name}: {reason}, so nobody would notice a wrong signature; use a platform that has it, or set unverified_signatures = true for this CA",
                mayHaveIssued: false);
        }
    }

    // What was last known of it, in another run of the server, is to be published and no more.
    private void ThrowIfNeverReached()
    {
        if (!IsConnected)
        {
            throw new AuthorityUnavailableException($"{Name}: it has not been reached since the server started", mayHaveIssued: false);
        }
    }

    private void ThrowIfExpired()
    {
        if (IsExpired)
        {
            throw new AuthorityUnavailableException(
                $"{Name}: the issuing certificate expired at {Issuer.NotAfter:yyyy-MM-ddTHH:mm:ssZ}; renew it and reload", mayHaveIssued: false);
        }
    }

    private AuthorityUnavailableException Fault(string difference, ReadOnlyMemory<byte> answer)
    {
        var fault = new AnswerFaultException(difference, answer);
        return new AuthorityUnavailableException(
            $"{Name}: the answer is not the certificate that was asked for: {difference}; find it at the authority and revoke it", true, fault);
    }
}
