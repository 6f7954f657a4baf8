using System.Security.Cryptography.X509Certificates;
using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Catalog;

/// <summary>Whose code may run in this server: what was built with it, what <c>[plugins]</c> pins, and what its publishers have signed.</summary>
internal sealed class PluginTrust
{
    private readonly IReadOnlyDictionary<string, string> shipped;
    private readonly IReadOnlyDictionary<string, string> pins;
    private readonly List<X509Certificate2> publishers = [];
    private readonly bool unpinned;

    /// <param name="config"><c>[plugins]</c>.</param>
    /// <param name="shipped">Hashes by folder, of what was built with this server.</param>
    /// <param name="problems">Takes what is wrong with the publishers' files.</param>
    public PluginTrust(PluginsConfig config, IReadOnlyDictionary<string, string> shipped, ConfigProblems problems)
    {
        this.shipped = shipped;
        pins = config.Pins;
        unpinned = config.Unpinned;
        foreach (var file in config.Publishers)
        {
            try
            {
                publishers.AddRange(Pem.ReadCertificates(file.Bytes, file.Path).Select(der => X509CertificateLoader.LoadCertificate(der.Span)));
            }
            catch (Exception fault) when (fault is MalformedException or System.Security.Cryptography.CryptographicException)
            {
                problems.Add(new("bad-value", file.Path, 0, 0, "plugins.publishers", fault.Message));
            }
        }
    }

    /// <summary>Judges a folder by the bytes that were read of it, which are those that would be loaded.</summary>
    public TrustVerdict Of(PluginFolder folder)
    {
        var name = Path.GetFileName(folder.Path);
        var isShipped = shipped.TryGetValue(name, out var built);
        if (built == folder.Hash)
        {
            return new TrustVerdict(TrustState.Shipped);
        }
        var isPinned = pins.TryGetValue(name, out var pin);
        if (pin == "sha256:" + folder.Hash)
        {
            return new TrustVerdict(TrustState.Pinned);
        }
        string? unsigned = null;
        if (!folder.Signature.IsEmpty && publishers.Count > 0)
        {
            unsigned = PluginSignature.Problem(folder.Lines, folder.Signature.Span, publishers, out var signer);
            if (signer is not null)
            {
                return new TrustVerdict(TrustState.Signed, signer.Subject);
            }
        }
        if (unpinned)
        {
            return new TrustVerdict(TrustState.Unpinned);
        }
        var why = isPinned ? $"its files are not those that [plugins.pins] names (they have sha256:{folder.Hash})"
            : unsigned ?? (isShipped ? $"its files are not those that were built with this server (they have sha256:{folder.Hash})" : "nothing says that it may run");
        return new TrustVerdict(
            TrustState.Untrusted,
            $"{folder.Path} is refused: {why}; if these files are meant, write into [plugins.pins]: \"{name}\" = \"sha256:{folder.Hash}\"");
    }
}
