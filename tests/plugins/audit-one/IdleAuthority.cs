using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.TestPlugins;

/// <summary>A CA that never issues: documents need one.</summary>
public sealed class IdleAuthorityPlugin : Plugin<ICertificateAuthority, NoSettings>
{
    public override ValueTask<ICertificateAuthority> StartAsync(NoSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new IdleAuthority());
}

internal sealed class IdleAuthority : ICertificateAuthority
{
    public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel)
        => throw new AuthorityUnavailableException("This CA is idle.", mayHaveIssued: false);

    public ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel)
        => throw new AuthorityUnavailableException("This CA is idle.", mayHaveIssued: false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
