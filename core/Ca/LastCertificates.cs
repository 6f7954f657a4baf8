using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;
using Microsoft.Extensions.Logging;

namespace Kipuka.Ca;

/// <summary>
/// What each CA was last known by, in the shared database: for the next start, should the CA be away then (ruling 54). Whose key is used here has its
/// certificates in the configuration, so they are never away.
/// </summary>
/// <param name="store">Where they stand.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">For what cannot be kept or read.</param>
internal sealed class LastCertificates(IPluginStore store, TimeProvider clock, ILogger<LastCertificates> log)
{
    private const string Prefix = "certificates/";

    // By CA, what has been written last: checks fetch the same certificates again and again.
    private readonly ConcurrentDictionary<string, string> kept = new();
    private int complained;

    /// <summary>Keeps what the CA has just said. A failure is no reason to do without the CA.</summary>
    public async Task KeepAsync(GuardedAuthority authority, CancellationToken cancel)
    {
        if (authority.IssuesHere || !authority.IsConnected)
        {
            return;
        }
        var certificates = authority.Certificates;
        var identity = Identity(authority.Plugin, certificates);
        if (kept.GetValueOrDefault(authority.Id) == identity)
        {
            return;
        }
        var said = new Kept(authority.Plugin, clock.GetUtcNow(), certificates.Issuer.RawData, [.. certificates.Published.Select(one => one.RawData)]);
        try
        {
            await store.WriteAsync(new StoreWrite(Key(authority.Id), JsonSerializer.SerializeToUtf8Bytes(said)), cancel);
            kept[authority.Id] = identity;
            Volatile.Write(ref complained, 0);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (Interlocked.Exchange(ref complained, 1) == 0)
            {
                log.LogWarning(fault, "The certificates of {Authority} cannot be kept for a start at which it is away: {Reason}", authority.Name, fault.Message);
            }
        }
    }

    /// <summary>Has the CA, which cannot be reached, published by what it was last known by: for nothing else until it answers.</summary>
    public async Task RecallAsync(GuardedAuthority authority, CancellationToken cancel)
    {
        try
        {
            // Another plugin under the same id is another CA.
            if (await store.GetAsync(Key(authority.Id), cancel) is not { } stored || JsonSerializer.Deserialize<Kept>(stored.Value.Span) is not { } said
                || said.Plugin != authority.Plugin)
            {
                return;
            }
            var certificates = new AuthorityCertificates(Read(said.Issuer), [.. said.Published.Select(Read)]);
            if (authority.TryPublish(certificates))
            {
                log.LogWarning(
                    "{Authority}: until it answers, /cacerts gives the certificates that it had at {Seen:yyyy-MM-ddTHH:mm:ssZ}: {Subject}",
                    authority.Name, said.Seen.UtcDateTime, certificates.Issuer.Subject);
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            log.LogWarning(fault, "{Authority}: the certificates that it had last cannot be read, so /cacerts lacks them until it answers: {Reason}", authority.Name, fault.Message);
        }
    }

    private static X509Certificate2 Read(byte[] der) => X509CertificateLoader.LoadCertificate(der);

    private static string Identity(string plugin, AuthorityCertificates certificates)
        => $"{plugin} {string.Join(' ', certificates.Published.Prepend(certificates.Issuer).Select(one => Convert.ToHexString(SHA256.HashData(one.RawDataMemory.Span))))}";

    // A CA may have any id.
    private static string Key(string authority) => Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(authority)));

    private sealed record Kept(string Plugin, DateTimeOffset Seen, byte[] Issuer, byte[][] Published);
}
