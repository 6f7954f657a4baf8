using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Catalog;

/// <summary>
/// One number for a whole folder, which an operator can compute without Kipuka:
/// <c>cd FOLDER; find -L . -type f ! -path ./plugin.p7s -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum</c>.
/// The lines without the last <c>sha256sum</c> are what a publisher signs.
/// </summary>
internal static class FolderHash
{
    /// <summary>A line for each file, as <c>sha256sum</c> prints it.</summary>
    public static byte[] Lines(IReadOnlyDictionary<string, ImmutableArray<byte>> files)
        => Lines(files.Select(file => (file.Key, Convert.ToHexStringLower(SHA256.HashData(file.Value.AsSpan())))));

    public static byte[] Lines(IEnumerable<(string Name, string Hash)> files)
    {
        var text = new StringBuilder();
        // In the order of UTF-8 bytes, as sort has it in the C locale; UTF-16 sorts some characters elsewhere.
        foreach (var (name, hash) in files.OrderBy(file => Convert.ToHexString(Encoding.UTF8.GetBytes(file.Name)), StringComparer.Ordinal))
        {
            text.Append(hash).Append("  ").Append(name).Append('\n');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    public static string OfLines(byte[] lines) => Convert.ToHexStringLower(SHA256.HashData(lines));
}
