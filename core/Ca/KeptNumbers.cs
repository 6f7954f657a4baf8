using System.Security.Cryptography;

namespace Kipuka.Ca;

/// <summary>Random numbers of a CA that were fetched for later; each is given away once. Safe for concurrent use.</summary>
internal sealed class KeptNumbers
{
    private readonly Lock changing = new();
    private Memory<byte> kept;

    /// <summary>Takes the place of what was kept, and keeps these from now on.</summary>
    public void Keep(Memory<byte> numbers)
    {
        lock (changing)
        {
            CryptographicOperations.ZeroMemory(kept.Span);
            kept = numbers;
        }
    }

    /// <returns>False when there are not enough, and then nothing was taken.</returns>
    public bool TryTake(Span<byte> bytes)
    {
        lock (changing)
        {
            if (kept.Length < bytes.Length) return false;
            var taken = kept.Span[..bytes.Length];
            taken.CopyTo(bytes);
            CryptographicOperations.ZeroMemory(taken);
            kept = kept[bytes.Length..];
            return true;
        }
    }
}
