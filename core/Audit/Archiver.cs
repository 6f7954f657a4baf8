using System.Globalization;
using System.Net;
using Kipuka.Catalog;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>
/// The only way out of the journal (ruling 55): records are written into a file, signed, read again and verified; then they leave, and the
/// journal says so. A node archives its own chain, and those of nodes that do not run.
/// </summary>
internal sealed class Archiver(Journal journal, Generations generations) : IDisposable
{
    // A file, and what one transaction removes.
    private const int MostRecords = 20_000;
    private const int Page = 1000;

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Archives what is older than a time.</summary>
    /// <param name="before">The time.</param>
    /// <param name="operatorName">Who wants it.</param>
    /// <param name="source">From where.</param>
    /// <param name="cancel">Ends between two files.</param>
    /// <returns>What was made; nothing when nothing is that old.</returns>
    /// <exception cref="ArchiveException">It cannot be done, and why. What was made before stays made.</exception>
    public async Task<IReadOnlyList<AuditArchive>> ArchiveAsync(DateTimeOffset before, Identity operatorName, IPAddress? source, CancellationToken cancel)
    {
        if (!await _one.WaitAsync(TimeSpan.Zero, cancel))
        {
            throw new ArchiveException("somebody else is archiving at this moment");
        }
        try
        {
            var generation = generations.Current;
            var seal = generation.Part<AuditSeal>();
            if (seal is not { Key: { } key, ArchiveDirectory: { } folder })
            {
                throw new ArchiveException("[audit] needs anchor_key and archive_directory: archives are signed, and have to go somewhere");
            }
            if (!Directory.Exists(folder))
            {
                throw new ArchiveException($"[audit] archive_directory: the folder {folder} does not exist; create it, writable for the server's user only");
            }
            List<AuditArchive> made = [];
            // A node that starts again meanwhile loses nothing: it goes on from its newest record, which stays.
            foreach (var node in (IEnumerable<string>)[journal.Node, .. await journal.GoneAsync(cancel)])
            {
                // What a sink has not taken yet stays too.
                var last = Math.Min(await journal.LastToLeaveAsync(node, before, cancel), await generation.Part<Sinks>().TakenAsync(node, cancel));
                while (await NextAsync(node, last, key, folder, operatorName, source, cancel) is { } archive)
                {
                    made.Add(archive);
                }
            }
            return made;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException)
        {
            throw new ArchiveException(fault.Message, fault);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<AuditArchive?> NextAsync(
        string node, long last, AuditKey key, string folder, Identity operatorName, IPAddress? source, CancellationToken cancel)
    {
        var before = await journal.LastArchiveAsync(node, cancel);
        var after = before?.Last ?? 0;
        last = Math.Min(last, after + MostRecords);
        if (last <= after)
        {
            return null;
        }
        // 1. Read, and follow the chain: what is broken stays where it is seen.
        var start = new ChainHead(after, before?.Hash.ToArray() ?? ChainHead.Empty.Hash);
        var records = await ReadAsync(node, start, last, cancel);
        // 2. Written, durable.
        var inName = string.Concat(node.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
        var name = string.Create(CultureInfo.InvariantCulture, $"audit-{inName}-{after + 1}-{last}.jsonl");
        var path = Path.Combine(folder, name);
        await ArchiveFile.WriteAsync(path, file => ArchiveFile.WriteRecordsAsync(file, records));
        // 3. Signed.
        var archive = new AuditArchive(
            node, (before?.Number ?? 0) + 1, after + 1, last, start.Hash, records[^1].Hash, journal.Now(), name, ArchiveFile.Hash(path), key.Id, default);
        archive = archive with { Signature = key.Sign(archive.Message) };
        await ArchiveFile.WriteSignatureAsync(path, archive, key.PublicPem);
        // 4. What stands in the files is what is to leave.
        var verdict = ArchiveFile.Verify(path, AuditKey.CheckBy([key]));
        if (verdict.Fault is { } fault || verdict.Records != records.Count)
        {
            throw new ArchiveException($"{path} is not what was written: {verdict.Fault?.Reason ?? "records are missing"}");
        }
        // 5. It leaves, and the journal says so.
        await journal.RemoveArchivedAsync(archive, Event(archive, operatorName, source), CancellationToken.None);
        return archive;
    }

    private async Task<List<AuditEvent>> ReadAsync(string node, ChainHead start, long last, CancellationToken cancel)
    {
        var chain = new JournalChain(node, start, null);
        List<AuditEvent> records = [];
        while (chain.Head.Sequence < last)
        {
            var page = await journal.BetweenAsync(new AuditFilter(), node, chain.Head.Sequence, last, Page, cancel);
            var fault = page.Count == 0 ? "records are missing" : page.Select(record => chain.Take(record)).FirstOrDefault(found => found is not null)?.Reason;
            if (fault is not null)
            {
                throw new ArchiveException($"the journal is broken, so nothing leaves it: {fault}");
            }
            records.AddRange(page);
        }
        return records;
    }

    private static AuditRecord Event(AuditArchive archive, Identity operatorName, IPAddress? source) => Trail.Record(
        AuditArchive.EventName, true, operatorName, new Dictionary<string, string>
        {
            ["node"] = archive.Node,
            ["first"] = archive.First.ToString(CultureInfo.InvariantCulture),
            ["last"] = archive.Last.ToString(CultureInfo.InvariantCulture),
            ["last_hash"] = Convert.ToHexStringLower(archive.Hash.Span),
            ["file"] = archive.FileName,
            ["sha256"] = Convert.ToHexStringLower(archive.FileSha256.Span),
            ["key_id"] = archive.KeyId,
            ["signature"] = Convert.ToBase64String(archive.Signature.Span),
        }) with { Source = source };
}

/// <summary>Nothing, or nothing more, can be archived.</summary>
internal sealed class ArchiveException(string message, Exception? inner = null) : Exception(message, inner);
