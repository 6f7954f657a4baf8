using System.Security.Cryptography;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Random numbers of the token, fetched for several serial numbers at once: a call costs a network HSM as much as a signature.</summary>
internal sealed class TokenRandom(SessionPool pool) : IDisposable
{
    private const int Most = 64;
    private const int Fetched = 640; // 32 serial numbers

    private readonly Lock changing = new();
    private byte[] kept = [];
    private int used;
    private bool isStopped;

    public ValueTask FillAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, Most, nameof(bytes));
        cancel.ThrowIfCancellationRequested();
        return TryTake(bytes.Span) ? default : FetchAsync(bytes, cancel);
    }

    public void Dispose()
    {
        lock (changing)
        {
            isStopped = true;
            CryptographicOperations.ZeroMemory(kept);
            (kept, used) = ([], 0);
        }
    }

    private async ValueTask FetchAsync(Memory<byte> bytes, CancellationToken cancel)
    {
        var fresh = await pool.RunAsync(session => session.Session.Random(Fetched), cancel);
        fresh.AsSpan(0, bytes.Length).CopyTo(bytes.Span);
        CryptographicOperations.ZeroMemory(fresh.AsSpan(0, bytes.Length));
        lock (changing)
        {
            if (!isStopped)
            {
                (kept, used) = (fresh, bytes.Length);
            }
        }
    }

    private bool TryTake(Span<byte> bytes)
    {
        lock (changing)
        {
            if (isStopped || kept.Length - used < bytes.Length)
            {
                return false;
            }
            var next = kept.AsSpan(used, bytes.Length);
            next.CopyTo(bytes);
            CryptographicOperations.ZeroMemory(next);
            used += bytes.Length;
            return true;
        }
    }
}
