using System.Security.Cryptography;
using Kipuka.Sdk.Ca;

namespace Kipuka.Sdk.Tck;

/// <summary>What a CA makes beside certificates, if it does: random numbers and clients' keys.</summary>
internal static class CaMaterialChecks
{
    private const int Parallel = 64;
    private const int SerialLength = 20;

    // One curve is enough for most tokens; a CA makes what it makes.
    private static readonly string[] Kinds = ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "rsa-2048"];

    private static readonly Identity Requester = new("tck", "device", "device");

    public static async Task RandomAsync(Bench<ICertificateAuthority> bench)
    {
        var source = await bench.StartAsync() as IRandomSource ?? throw CheckException.NotApplicable("The service has no IRandomSource; the host makes serial numbers.");
        var numbers = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => Task.Run(() => FillAsync(bench, source, SerialLength))));
        if (numbers.Select(Convert.ToHexString).Distinct().Count() != Parallel)
        {
            throw CheckException.Failed($"Of {Parallel} times {SerialLength} random bytes asked for at the same time two are the same: serial numbers would be.");
        }
        if (numbers.Any(number => number.Count(value => value == 0) > SerialLength / 2))
        {
            throw CheckException.Failed($"FillAsync left most of {SerialLength} bytes zero; it fills all of them.");
        }
        foreach (var length in (int[])[1, 1024])
        {
            await FillAsync(bench, source, length);
        }
    }

    public static async Task KeyGenerationAsync(Bench<ICertificateAuthority> bench)
    {
        var keys = await bench.StartAsync() as IKeyGeneration ?? throw CheckException.NotApplicable("The service has no IKeyGeneration; the host makes the keys of clients.");
        List<string> made = [];
        foreach (var kind in Kinds)
        {
            using var first = await TryMakeAsync(bench, keys, kind);
            if (first is null)
            {
                continue;
            }
            Check(kind, first);
            made.Add(kind);
            using var second = await TryMakeAsync(bench, keys, kind);
            if (second is null || second.SubjectPublicKeyInfo.Span.SequenceEqual(first.SubjectPublicKeyInfo.Span))
            {
                throw CheckException.Failed($"GenerateKeyAsync gave the same key of type {kind} twice; each client gets one of its own.");
            }
        }
        if (made.Count == 0)
        {
            throw CheckException.Failed($"GenerateKeyAsync makes none of {string.Join(", ", Kinds)}. A service that makes no keys has no IKeyGeneration.");
        }
        if (await bench.ThrownByAsync(() => keys.GenerateKeyAsync(Guid.NewGuid(), Requester, new KeySpec("tck-1"), bench.Cancel).AsTask()) is not NotSupportedException)
        {
            throw CheckException.Failed("GenerateKeyAsync did not throw NotSupportedException for a kind of key that nobody knows.");
        }
    }

    private static async Task<byte[]> FillAsync(Bench<ICertificateAuthority> bench, IRandomSource source, int length)
    {
        var bytes = new byte[length];
        return await bench.ThrownByAsync(() => source.FillAsync(bytes, bench.Cancel).AsTask()) is { } fault
            ? throw bench.Fault($"FillAsync of {length} bytes threw", fault)
            : bytes;
    }

    private static async Task<GeneratedKey?> TryMakeAsync(Bench<ICertificateAuthority> bench, IKeyGeneration keys, string kind)
    {
        try
        {
            return await keys.GenerateKeyAsync(Guid.NewGuid(), Requester, new KeySpec(kind), bench.Cancel);
        }
        catch (NotSupportedException)
        {
            return null;
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !bench.Cancel.IsCancellationRequested)
        {
            throw bench.Fault($"Asked for a key of type {kind}, GenerateKeyAsync threw", fault);
        }
    }

    private static void Check(string kind, GeneratedKey made)
    {
        using AsymmetricAlgorithm key = kind.StartsWith("rsa", StringComparison.Ordinal) ? RSA.Create() : ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(made.Pkcs8.Reveal(), out var read);
            if (read != made.Pkcs8.Length)
            {
                throw CheckException.Failed($"The key of type {kind} has {made.Pkcs8.Length - read} bytes after its PKCS#8.");
            }
        }
        catch (CryptographicException fault)
        {
            throw CheckException.Failed($"The key of type {kind} is no PKCS#8 PrivateKeyInfo in DER, not encrypted, of that type: {fault.Message}");
        }
        if (!kind.EndsWith($"{key.KeySize}", StringComparison.Ordinal))
        {
            throw CheckException.Failed($"Asked for a key of type {kind}, GenerateKeyAsync made one of {key.KeySize} bits.");
        }
        if (!key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(made.SubjectPublicKeyInfo.Span))
        {
            throw CheckException.Failed($"The SubjectPublicKeyInfo of the key of type {kind} is not the one of its private half.");
        }
    }
}
