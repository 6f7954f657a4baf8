using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>A CA whose key never leaves its HSM.</summary>
internal class HsmAuthority(AuthorityCertificates certificates, SignatureScheme scheme, SessionPool pool, Func<HardwareKeyLocation> locate)
    : SigningAuthority(certificates, scheme), IHardwareKey
{
    public HardwareKeyLocation Location => locate();

    protected override async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel)
        => await pool.RunAsync(session => session.Sign(data), cancel);

    protected SessionPool Pool => pool;

    public override ValueTask DisposeAsync() => pool.DisposeAsync();
}
