using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Audit;
using Kipuka.Ca;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Sdk.Ca;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Enroll;

/// <summary>
/// Tells CAs what was revoked (ruling 50): after the ledger was marked, and again until they agree. One node at a time tells of a certificate,
/// and no CA waits for another.
/// </summary>
internal sealed class RevocationNotifier : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(15);

    // Longer than any call: a node that dies leaves what it has to others, and none that lives is overtaken.
    private static readonly TimeSpan LeaseMargin = TimeSpan.FromMinutes(1);

    private readonly RevocationNotices _notices;
    private readonly Ledger _ledger;
    private readonly ServingAuthorities _authorities;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly ConcurrentDictionary<string, Task> _telling = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _woken = new(0, 1);
    private readonly Task _running;
    private int _disposed;

    public RevocationNotifier(
        RevocationNotices notices, Ledger ledger, ServingAuthorities authorities, TimeProvider clock, ILogger<RevocationNotifier> log)
    {
        (_notices, _ledger, _authorities, _clock, _log) = (notices, ledger, authorities, clock, log);
        _running = Task.Run(RunAsync);
    }

    /// <summary>There may be something to tell.</summary>
    public void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been woken already.
        }
    }

    /// <summary>Breaks off what is under way. It is in the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }
        await _stop.CancelAsync();
        await _running;
        await Task.WhenAll(_telling.Values);
        _stop.Dispose();
        try
        {
            // Another node need not wait for what was broken off.
            await _notices.FreeAsync(CancellationToken.None);
        }
        catch (DatabaseException fault)
        {
            _log.LogWarning("What was broken off stays with this node for a while: {Reason}", fault.Message);
        }
    }

    private async Task RunAsync()
    {
        var freed = false;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (!freed)
                {
                    await _notices.FreeAsync(_stop.Token);
                    freed = true;
                }
                foreach (var authority in !_authorities.Any ? [] : await _notices.AuthoritiesAsync(_stop.Token))
                {
                    Begin(authority);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                _log.LogError(fault, "It could not be looked up which revocations CAs have to be told of; it is tried again: {Reason}", fault.Message);
            }
            await PauseAsync();
        }
    }

    private async Task PauseAsync()
    {
        using var limit = new CancellationTokenSource(Interval, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        await _woken.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // A CA that hangs holds up nobody but itself.
    private void Begin(string authority)
    {
        if (!_telling.TryGetValue(authority, out var before) || before.IsCompleted)
        {
            _telling[authority] = Task.Run(() => TellAsync(authority));
        }
    }

    /// <summary>Tells a CA of everything that is due, up to the first failure: then it is left alone until the next look.</summary>
    private async Task TellAsync(string authority)
    {
        try
        {
            while (!_stop.IsCancellationRequested && await _authorities.UseAsync(authority, TellNextAsync))
            {
            }

            Task<bool> TellNextAsync(GuardedAuthority? serving) => this.TellNextAsync(authority, serving);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Given back when everything has ended.
        }
        catch (Exception fault)
        {
            _log.LogError(fault, "CA {Authority} could not be told of revocations; it is tried again: {Reason}", authority, fault.Message);
        }
    }

    /// <returns>Whether to go on at once.</returns>
    private async Task<bool> TellNextAsync(string id, GuardedAuthority? authority)
    {
        var lease = (authority?.Config.Timeout ?? TimeSpan.Zero) + LeaseMargin;
        if (await _notices.TakeAsync(id, lease, _stop.Token) is not { } notice)
        {
            return false;
        }
        var certificate = await _ledger.FindCertificateAsync(notice.Sha256, _stop.Token)
            ?? throw new InvalidOperationException($"The certificate {Convert.ToHexStringLower(notice.Sha256.Span)} is not in the ledger.");
        var failure = await AskAsync(id, authority, certificate);
        if (failure is null)
        {
            await _notices.ToldAsync(notice, Record("revocation.told", certificate, notice.Attempts + 1, null), CancellationToken.None);
            return true;
        }
        var pause = Pause(notice.Attempts);
        // The first failure is the event; those of the same outage are in the log and in the certificate's details.
        AuditRecord[] events = notice.Attempts == 0 ? [Record("revocation.failed", certificate, 1, failure)] : [];
        await _notices.FailedAsync(notice, failure, pause, events, CancellationToken.None);
        _log.LogWarning(
            "CA {Authority} was not told that {Serial} is revoked: {Reason}. It is told again in {Pause}", id, certificate.Certificate.SerialHex, failure, pause);
        return false;
    }

    /// <returns>Null when the CA agrees, otherwise why not.</returns>
    private async Task<string?> AskAsync(string id, GuardedAuthority? authority, CertificateRecord certificate)
    {
        if (authority is null)
        {
            return $"no CA {id} is configured on this node";
        }
        try
        {
            await authority.RevokeAsync(
                Convert.FromHexString(certificate.Certificate.SerialHex), (X509RevocationReason)(certificate.Reason ?? 0), _stop.Token);
            return null;
        }
        catch (AuthorityUnavailableException fault)
        {
            return fault.Message;
        }
    }

    private static TimeSpan Pause(int attempts) => FirstPause * Math.Pow(2, Math.Min(attempts, 20)) is var pause && pause < LongestPause ? pause : LongestPause;

    private static AuditRecord Record(string name, CertificateRecord certificate, int attempts, string? failure)
    {
        var fields = new Dictionary<string, string>
        {
            ["subject"] = certificate.Certificate.SubjectText,
            ["fingerprint"] = Convert.ToHexStringLower(certificate.Certificate.Sha256.Span),
            ["revocation_reason"] = RevocationReasons.Name((X509RevocationReason)(certificate.Reason ?? 0)),
            ["attempts"] = attempts.ToString(CultureInfo.InvariantCulture),
        };
        if (failure is not null)
        {
            fields["reason"] = failure;
        }
        return Trail.Record(name, failure is null, null, fields) with
        {
            Authority = certificate.Authority,
            Label = certificate.Label.Length > 0 ? certificate.Label : null,
            Serial = certificate.Certificate.SerialHex,
        };
    }
}
