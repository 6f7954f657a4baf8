using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Enroll;

/// <summary>
/// Revokes certificates that have been renewed, where <c>revoke_previous</c> says so: each after its new one was delivered, so that a client
/// that got no answer still has what to ask again with.
/// </summary>
internal sealed class SupersededCertificates : IAsyncDisposable
{
    private const int Batch = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    // A node that dies with them leaves them to another.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private readonly DueRevocations _due;
    private readonly Ledger _ledger;
    private readonly Revocations _revocations;
    private readonly ILogger _log;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ITimer _timer;
    private readonly Task _working;
    private volatile bool _stopping;

    public SupersededCertificates(DueRevocations due, Ledger ledger, Revocations revocations, TimeProvider clock, ILogger<SupersededCertificates> log)
    {
        (_due, _ledger, _revocations, _log) = (due, ledger, revocations, log);
        _timer = clock.CreateTimer(_ => Wake(), null, TimeSpan.Zero, Interval);
        _working = WorkAsync();
    }

    /// <summary>There may be something to do.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Stops after the batch that is in work. What is left is in the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        _stopping = true;
        _wake.Writer.TryComplete();
        await _working;
    }

    private async Task WorkAsync()
    {
        await foreach (var _ in _wake.Reader.ReadAllAsync())
        {
            try
            {
                await RevokeDueAsync();
            }
            catch (Exception fault)
            {
                _log.LogError(fault, "Renewed certificates could not be revoked; they are tried again after a while: {Reason}", fault.Message);
            }
        }
    }

    private async Task RevokeDueAsync()
    {
        IReadOnlyList<DueRevocation> taken;
        do
        {
            taken = await _due.TakeAsync(Batch, Lease, CancellationToken.None);
            foreach (var due in taken)
            {
                await RevokeAsync(due, CancellationToken.None);
            }
        }
        while (taken.Count == Batch && !_stopping);
    }

    private async Task RevokeAsync(DueRevocation due, CancellationToken cancel)
    {
        var certificate = await _ledger.FindCertificateAsync(due.Sha256, cancel);
        if (certificate is { Revoked: null })
        {
            await _revocations.RevokeAsync(certificate, X509RevocationReason.Superseded, null, null, new Dictionary<string, string>
            {
                ["detail"] = "it has been renewed (revoke_previous)",
                ["renewal"] = due.Transaction.ToString(),
            });
        }
        await _due.DoneAsync(due.Transaction, cancel);
    }
}
