using System.Security.Cryptography;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>One whose token also makes the random numbers and the keys of clients: <c>hsm_random = true</c>.</summary>
internal sealed class RandomHsmAuthority(AuthorityCertificates certificates, SignatureScheme scheme, SessionPool pool, Func<HardwareKeyLocation> locate)
    : HsmAuthority(certificates, scheme, pool, locate), IRandomSource, IKeyGeneration
{
    private readonly ClientKeys keys = new();

    public async ValueTask FillAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        var random = await Pool.RunAsync(session => session.Session.Random(bytes.Length), cancel);
        random.CopyTo(bytes);
        CryptographicOperations.ZeroMemory(random);
    }

    public async ValueTask<GeneratedKey> GenerateKeyAsync(Guid transaction, Identity requester, KeySpec spec, CancellationToken cancel)
        => await Pool.RunAsync(session => keys.Make(session.Session, spec.Algorithm), cancel);

    /// <summary>At the start: the token gives random numbers, and makes a key that it gives away.</summary>
    /// <exception cref="KeyExportException">It does not; the message says what to do.</exception>
    public async Task ProveRandomAsync(CancellationToken cancel)
    {
        try
        {
            await FillAsync(new byte[20], cancel);
        }
        catch (AuthorityUnavailableException fault) when (fault.InnerException is CryptokiException { Code: var code } && ReturnCode.IsFinal(code))
        {
            throw new KeyExportException($"the token has no random numbers ({fault.Message}); set hsm_random = false, and the server makes them itself", fault);
        }
        using var key = await Pool.RunAsync(session => keys.MakeAny(session.Session), cancel);
    }
}
