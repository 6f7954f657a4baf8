using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>
/// Intermediate certificates that have been part of an accepted chain, parsed. Parsing one costs more than checking its signature, and a
/// fleet sends the same few all day. Nothing in here is trusted: every chain is built and checked anew.
/// </summary>
internal sealed class IssuerCache : IDisposable
{
    // Only an accepted chain adds to it, so strangers cannot fill it; what comes after the first 64 is parsed each time.
    private const int Capacity = 64;

    private readonly ConcurrentDictionary<string, X509Certificate2> known = new();

    public X509Certificate2? Find(ReadOnlySpan<byte> der) => known.GetValueOrDefault(Key(der));

    /// <returns>True when the cache has taken the certificate over and will dispose it.</returns>
    public bool TryKeep(X509Certificate2 certificate)
        => known.Count < Capacity && known.TryAdd(Key(certificate.RawDataMemory.Span), certificate);

    public void Dispose()
    {
        foreach (var certificate in known.Values)
        {
            certificate.Dispose();
        }
        known.Clear();
    }

    private static string Key(ReadOnlySpan<byte> der)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(der, hash);
        return Convert.ToHexString(hash);
    }
}
