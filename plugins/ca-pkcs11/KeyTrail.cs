using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>When the CA's key came into use, for the journal.</summary>
internal sealed class KeyTrail(IPluginHost host, X509Certificate2 issuer, string module)
{
    private readonly string subject = issuer.Subject;
    private readonly string fingerprint = Convert.ToHexStringLower(issuer.GetCertHash(HashAlgorithmName.SHA256));

    public ValueTask LoadedAsync(CancellationToken cancel) => host.AuditAsync(
        "key.loaded", true, null,
        new Dictionary<string, string> { ["subject"] = subject, ["fingerprint"] = fingerprint, ["detail"] = $"found in the HSM, through {module}" }, cancel);

    /// <summary>For an HSM that was away at the start. Nobody waits for this; the journal lacks the record only where the log says so.</summary>
    /// <param name="begun">Ends when the key was used for the first time, or is cancelled when it never will be.</param>
    public async Task LoadedLaterAsync(Task begun)
    {
        await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!begun.IsCompletedSuccessfully)
        {
            return;
        }
        try
        {
            await LoadedAsync(CancellationToken.None);
        }
        catch (Exception fault)
        {
            host.Logger.LogError(fault, "The key of {Subject} is in use, and the journal could not be told: {Reason}", subject, fault.Message);
        }
    }
}
