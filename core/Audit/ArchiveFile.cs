using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kipuka.Sdk.Audit;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>An archive: records as lines, and beside them a file with the signature.</summary>
internal static class ArchiveFile
{
    public const string SignatureSuffix = ".sig.json";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes a file of its own, durable when it completes. What a broken-off attempt left under the name is replaced.</summary>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        await using (var file = new FileStream(temporary, options))
        {
            await write(file);
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    public static Task WriteRecordsAsync(Stream file, IReadOnlyList<AuditEvent> records)
    {
        var buffer = new ArrayBufferWriter<byte>();
        foreach (var record in records)
        {
            AuditLines.Write(buffer, record);
        }
        return file.WriteAsync(buffer.WrittenMemory).AsTask();
    }

    public static Task WriteSignatureAsync(string path, AuditArchive archive, string publicPem) => WriteAsync(path + SignatureSuffix, async file =>
    {
        await using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("node", archive.Node);
        json.WriteNumber("number", archive.Number);
        json.WriteNumber("first", archive.First);
        json.WriteNumber("last", archive.Last);
        json.WriteString("previous_hash", Convert.ToHexStringLower(archive.PreviousHash.Span));
        json.WriteString("hash", Convert.ToHexStringLower(archive.Hash.Span));
        json.WriteString("time", AuditJson.Text(archive.Time));
        json.WriteString("file", archive.FileName);
        json.WriteString("sha256", Convert.ToHexStringLower(archive.FileSha256.Span));
        json.WriteString("key_id", archive.KeyId);
        json.WriteString("public_key", publicPem);
        json.WriteString("signature", Convert.ToBase64String(archive.Signature.Span));
        json.WriteEndObject();
    });

    /// <summary>The signature beside a file; null when there is none.</summary>
    /// <exception cref="InvalidDataException">There is something else.</exception>
    public static AuditArchive? ReadSignature(string path)
    {
        if (!File.Exists(path + SignatureSuffix))
        {
            return null;
        }
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path + SignatureSuffix));
            var json = document.RootElement;
            return new AuditArchive(
                Text(json, "node"), json.GetProperty("number").GetInt64(), json.GetProperty("first").GetInt64(), json.GetProperty("last").GetInt64(),
                Convert.FromHexString(Text(json, "previous_hash")), Convert.FromHexString(Text(json, "hash")),
                DateTimeOffset.Parse(Text(json, "time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal),
                Text(json, "file"), Convert.FromHexString(Text(json, "sha256")), Text(json, "key_id"), Convert.FromBase64String(Text(json, "signature")));
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{path}{SignatureSuffix} is no signature of an archive: {fault.Message}", fault);
        }
    }

    public static byte[] Hash(string path)
    {
        using var file = File.OpenRead(path);
        return SHA256.HashData(file);
    }

    /// <summary>Verifies a file of records: an export, or an archive with its signature beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="check">Judges signatures; null when no key is known.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static JournalVerdict Verify(string path, SealCheck? check)
    {
        var archive = ReadSignature(path);
        if (archive is not null && check?.Invoke(archive.KeyId, archive.Message, archive.Signature.Span) is { } wrong)
        {
            return new JournalVerdict(0, new JournalFault(archive.Node, archive.First, $"the archive is one {wrong}"), []);
        }
        Dictionary<string, JournalChain> chains = [];
        JournalFault? fault = null;
        using var lines = new StreamReader(path, Encoding.UTF8);
        foreach (var record in AuditLines.Read(lines))
        {
            if (!chains.TryGetValue(record.Node, out var chain))
            {
                chains[record.Node] = chain = new JournalChain(record.Node, Before(record, archive), check);
            }
            if ((fault = chain.Take(record)) is not null)
            {
                break;
            }
        }
        fault ??= archive is null ? null : Judge(path, archive, chains.GetValueOrDefault(archive.Node)?.Head);
        return new JournalVerdict(chains.Values.Sum(chain => chain.Records), fault, [.. chains.Values.Select(State)]);
    }

    private static JournalFault? Judge(string path, AuditArchive archive, ChainHead? end)
    {
        if (end is null || end.Sequence != archive.Last)
        {
            var next = Math.Min((end?.Sequence ?? archive.First - 1) + 1, archive.Last);
            return new JournalFault(archive.Node, next, $"record {next} is not where the archive's signature says: it ends with record {archive.Last}");
        }
        return end.Hash.AsSpan().SequenceEqual(archive.Hash.Span) && Hash(path).AsSpan().SequenceEqual(archive.FileSha256.Span)
            ? null
            : new JournalFault(archive.Node, archive.First, "the file is not the one that was signed");
    }

    // An export may begin anywhere; the first record of a chain follows nothing.
    private static ChainHead Before(AuditEvent first, AuditArchive? archive) => archive is not null
        ? new ChainHead(archive.First - 1, archive.PreviousHash.ToArray())
        : first.Sequence == 1 ? ChainHead.Empty : new ChainHead(first.Sequence - 1, first.PreviousHash.ToArray());

    private static ChainState State(JournalChain chain) => new(
        chain.Node, chain.Records, chain.First, chain.Head.Sequence, 0, chain.Told.Count, chain.Told is [.., var last] ? last.Sequence : 0,
        chain.Told is [.., var newest] ? newest.Time : null);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");
}
