using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.AuthOtp;

/// <summary>Proves a device by a one-time password in HTTP Basic (RFC 7030 section 3.2.3); administrators make the passwords.</summary>
public sealed class OtpPlugin : Plugin<IAuthenticator, OtpSettings>
{
    /// <inheritdoc />
    public override IEnumerable<SettingsProblem> Check(OtpSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Enabled && SecretHash.Missing(settings.HashAlgorithm) is { } sentence)
        {
            yield return new SettingsProblem("hash_algorithm", sentence);
        }
    }

    /// <inheritdoc />
    public override ValueTask<IAuthenticator> StartAsync(OtpSettings settings, IPluginHost host, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(host);
        return settings.Enabled && SecretHash.Missing(settings.HashAlgorithm) is { } sentence
            ? throw new InvalidOperationException(sentence)
            : ValueTask.FromResult<IAuthenticator>(new OtpAuthenticator(settings, host));
    }
}
