using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Config.Binding;

/// <summary>SHA-256 over names and values. Each is preceded by its length, so that no two different settings read the same.</summary>
internal sealed class SettingsHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Add(string name, string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Add(name, bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }

    public void Add(string name, ReadOnlySpan<byte> value)
    {
        Append(Encoding.UTF8.GetBytes(name));
        Append(value);
    }

    public byte[] Finish() => hash.GetHashAndReset();

    public void Dispose() => hash.Dispose();

    private void Append(ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }
}
