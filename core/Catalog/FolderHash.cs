using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Catalog;

/// <summary>
/// One number for a whole folder, which an operator can compute without Kipuka:
/// <c>cd FOLDER; find -L . -type f -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum</c>.
/// </summary>
internal static class FolderHash
{
    public static string Of(IReadOnlyDictionary<string, ImmutableArray<byte>> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // In the order of UTF-8 bytes, as sort has it in the C locale; UTF-16 sorts some characters elsewhere.
        foreach (var (name, bytes) in files.OrderBy(file => Convert.ToHexString(Encoding.UTF8.GetBytes(file.Key)), StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan()))}  {name}\n"));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
