using System.Globalization;
using Kipuka.Store;
using Microsoft.Extensions.Logging;

namespace Kipuka.Audit;

/// <summary>Records that certificates have reached their end: each once, whichever node sees it first, also what ended while none ran.</summary>
internal sealed class ExpiryTrail : IAsyncDisposable
{
    private const int Batch = 200;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(20);

    private readonly Expiries _expiries;
    private readonly ILogger _log;
    private readonly PeriodicTimer _timer;
    private readonly Task _running;
    private volatile bool _stopping;

    public ExpiryTrail(Expiries expiries, TimeProvider clock, ILogger<ExpiryTrail> log)
    {
        (_expiries, _log) = (expiries, log);
        _timer = new PeriodicTimer(Look, clock);
        _running = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _timer.Dispose();
        await _running;
    }

    private async Task RunAsync()
    {
        while (await _timer.WaitForNextTickAsync())
        {
            try
            {
                while (!_stopping && await _expiries.NoteAsync(Batch, Record, CancellationToken.None) == Batch)
                {
                }
            }
            catch (Exception fault)
            {
                _log.LogError(fault, "The expiry of certificates could not be recorded; it is tried again: {Reason}", fault.Message);
            }
        }
    }

    private static AuditRecord Record(CertificateRecord certificate) => Trail.Record("cert.expired", true, null, new Dictionary<string, string>
    {
        ["subject"] = certificate.Certificate.SubjectText,
        ["issuer"] = certificate.Certificate.IssuerText,
        ["fingerprint"] = Convert.ToHexStringLower(certificate.Certificate.Sha256.Span),
        ["not_before"] = Text(certificate.Certificate.NotBefore),
        ["not_after"] = Text(certificate.Certificate.NotAfter),
        ["revoked"] = certificate.Revoked is null ? "false" : "true",
    }) with
    {
        Authority = certificate.Authority,
        Label = certificate.Label.Length > 0 ? certificate.Label : null,
        Serial = certificate.Certificate.SerialHex,
    };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
