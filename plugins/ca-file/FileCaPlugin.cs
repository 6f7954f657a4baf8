using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

[assembly: KipukaPlugin("ca", "file", typeof(Kipuka.Plugins.CaFile.FileCaPlugin))]

namespace Kipuka.Plugins.CaFile;

/// <summary>A CA whose key lies in a file.</summary>
public sealed class FileCaPlugin : Plugin<ICertificateAuthority, FileCaSettings>
{
    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(FileCaSettings settings)
    {
        List<SettingsProblem> problems = [.. settings.CheckCertificates()];
        if (!problems.Exists(problem => !problem.IsWarning) && CheckKey(settings) is { } problem)
        {
            problems.Add(problem);
        }
        return problems;
    }

    /// <inheritdoc/>
    public override async ValueTask<ICertificateAuthority> StartAsync(FileCaSettings settings, IPluginHost host, CancellationToken cancel)
    {
        var certificates = settings.LoadCertificates();
        var scheme = settings.LoadScheme(certificates.Issuer);
        var trail = new KeyTrail(host, certificates.Issuer);
        var authority = new FileAuthority(certificates, scheme, LoadMatchingKey(settings, certificates.Issuer), trail);
        try
        {
            await trail.LoadedAsync(settings.Key.Path, cancel);
            await authority.ProbeAsync(cancel);
            return authority;
        }
        catch
        {
            await authority.DisposeAsync();
            throw;
        }
    }

    private static SettingsProblem? CheckKey(FileCaSettings settings)
    {
        try
        {
            using var key = LoadMatchingKey(settings, settings.LoadCertificates().Issuer);
        }
        catch (KeyFileException fault)
        {
            return new SettingsProblem(fault.Setting, fault.Message);
        }
        var protectedInVain = (settings.KeyPassphraseEnv is not null || settings.KeyPassphraseFile is not null) && !KeyFile.IsEncrypted(settings.Key);
        return protectedInVain
            ? new SettingsProblem(
                "key", $"{settings.Key.Path} is not encrypted, although a passphrase is configured; encrypt it, or remove the passphrase")
                { IsWarning = true }
            : null;
    }

    // Compared here, so that the message can name both files; that the key also signs is proved by the probe.
    private static AsymmetricAlgorithm LoadMatchingKey(FileCaSettings settings, X509Certificate2 issuer)
    {
        var key = KeyFile.Load(settings, issuer);
        // The platform's own keys, since a certificate may carry its EC point compressed.
        using var certified = (AsymmetricAlgorithm?)issuer.GetRSAPublicKey() ?? issuer.GetECDsaPublicKey();
        if (certified is not null && key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certified.ExportSubjectPublicKeyInfo()))
        {
            return key;
        }
        key.Dispose();
        throw new KeyFileException(
            "key", $"{settings.Key.Path} is not the private key of the certificate {settings.Cert.Path}; name the two files that belong together");
    }
}
