using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaFile;

/// <summary>What becomes of the CA's key, for the journal.</summary>
internal sealed class KeyTrail(IPluginHost host, X509Certificate2 issuer)
{
    private readonly string subject = issuer.Subject;
    private readonly string fingerprint = Convert.ToHexStringLower(issuer.GetCertHash(HashAlgorithmName.SHA256));

    public ValueTask LoadedAsync(string file, CancellationToken cancel) => TellAsync("key.loaded", $"from the file {file}", cancel);

    public ValueTask DestroyedAsync() => TellAsync("key.destroyed", "the copy in memory was overwritten; the file stays", CancellationToken.None);

    private ValueTask TellAsync(string name, string detail, CancellationToken cancel) => host.AuditAsync(
        name, true, null, new Dictionary<string, string> { ["subject"] = subject, ["fingerprint"] = fingerprint, ["detail"] = detail }, cancel);
}
