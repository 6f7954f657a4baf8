using System.Globalization;
using System.Text;

namespace Kipuka.Store;

/// <summary>A part of a chain that has left the journal for a file. The chain goes on from its hash.</summary>
/// <param name="Node">Whose chain.</param>
/// <param name="Number">1, 2, 3, … within the node.</param>
/// <param name="First">The first record in the file.</param>
/// <param name="Last">The last one.</param>
/// <param name="PreviousHash">Of the record before the first.</param>
/// <param name="Hash">Of the last one.</param>
/// <param name="Time">When it was made, to the microsecond.</param>
/// <param name="FileName">Without its folder.</param>
/// <param name="FileSha256">Of the file's bytes.</param>
/// <param name="KeyId">SHA-256 of the public key, lower-case hex.</param>
/// <param name="Signature">Over <see cref="Message"/>.</param>
internal sealed record AuditArchive(
    string Node, long Number, long First, long Last, ReadOnlyMemory<byte> PreviousHash, ReadOnlyMemory<byte> Hash, DateTimeOffset Time,
    string FileName, ReadOnlyMemory<byte> FileSha256, string KeyId, ReadOnlyMemory<byte> Signature)
{
    public const string EventName = "audit.archived";

    /// <summary>What is signed: lines of text, so that any tool can check it.</summary>
    public byte[] Message => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        kipuka audit archive 1
        node {Node}
        number {Number}
        first {First}
        last {Last}
        previous_hash {Convert.ToHexStringLower(PreviousHash.Span)}
        hash {Convert.ToHexStringLower(Hash.Span)}
        time {Micros.Of(Time)}
        file {FileName}
        sha256 {Convert.ToHexStringLower(FileSha256.Span)}

        """).ReplaceLineEndings("\n"));
}
