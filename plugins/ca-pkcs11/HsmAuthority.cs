using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>A CA whose key never leaves its HSM.</summary>
internal sealed class HsmAuthority(AuthorityCertificates certificates, SignatureScheme scheme, SigningPool pool) : SigningAuthority(certificates, scheme)
{
    protected override async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
        => await pool.SignAsync(data, cancel);

    public override ValueTask DisposeAsync() => pool.DisposeAsync();
}
