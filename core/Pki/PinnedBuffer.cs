using System.Security.Cryptography;

namespace Kipuka.Pki;

/// <summary>Working memory for a secret: not moved, hence not copied, by the garbage collector, and zeroed on <see cref="Dispose"/>.</summary>
internal sealed class PinnedBuffer(int capacity) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(capacity, pinned: true);

    /// <summary>How much of it is used; at first all.</summary>
    public int Length { get; set; } = capacity;

    public Span<byte> Span => _bytes.AsSpan(0, Length);

    public Memory<byte> Memory => _bytes.AsMemory(0, Length);

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
