using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Sdk;

/// <summary>Bytes that must not be copied by the garbage collector, printed or logged: pinned, and zeroed on <see cref="Dispose"/>.</summary>
public sealed class Secret : IDisposable
{
    private readonly byte[] bytes;
    private bool disposed;

    private Secret(int length) => bytes = GC.AllocateArray<byte>(length, pinned: true);

    /// <summary>The number of bytes.</summary>
    public int Length => bytes.Length;

    /// <summary>Copies the bytes. The caller zeroes the original.</summary>
    public static Secret Copy(ReadOnlySpan<byte> value)
    {
        var secret = new Secret(value.Length);
        value.CopyTo(secret.bytes);
        return secret;
    }

    /// <summary>The UTF-8 bytes of a text. Prefer <see cref="Copy"/>: a string cannot be zeroed.</summary>
    public static Secret FromText(ReadOnlySpan<char> text)
    {
        var secret = new Secret(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, secret.bytes);
        return secret;
    }

    /// <summary>The bytes. Do not keep a copy.</summary>
    /// <exception cref="ObjectDisposedException">The secret has been disposed.</exception>
    public ReadOnlySpan<byte> Reveal()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return bytes;
    }

    /// <summary>Compares in constant time for equal lengths.</summary>
    public bool Matches(ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(Reveal(), other);

    /// <summary>Zeroes the bytes.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(bytes);
        disposed = true;
    }

    /// <summary>Never the bytes.</summary>
    public override string ToString() => "(secret)";
}
