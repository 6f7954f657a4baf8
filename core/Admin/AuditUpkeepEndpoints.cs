using System.Buffers;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/audit/…: the journal taken out, proven and shortened.</summary>
internal sealed class AuditUpkeepEndpoints(Journal journal, Archiver archiver, Generations generations, TimeProvider clock) : IAdminEndpoints
{
    private const int Page = 500;

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("audit/export", (Delegate)ExportAsync).Describe(
            "exportAudit", "Audit", "The journal as JSON Lines, oldest first, each node's chain in turn; filtered.", AuditParameters.Filters).Sends("application/jsonl").Fails(400);
        admin.MapGet("audit/verify", VerifyAsync).Describe(
            "verifyAudit", "Audit", "Whether the chains are whole, and the first bad record where one is not.",
            new ApiParameter("from", "Begin with this time (ISO 8601) or day."), new ApiParameter("to", "End with this time or day.")).Fails(400);
        admin.MapPost("audit/archive", ArchiveAsync).Describe("archiveAudit", "Audit", "Moves old records into signed files.").Fails(400, 409);
    }

    private async Task ExportAsync(HttpContext context)
    {
        var filter = AuditParameters.Read(context.Request.Query);
        var cancel = context.RequestAborted;
        context.Response.ContentType = "application/jsonl";
        var buffer = new ArrayBufferWriter<byte>();
        // Each as far as it is now: the export itself is recorded too.
        foreach (var (node, last) in await journal.ChainsAsync(cancel))
        {
            var after = 0L;
            while (await journal.BetweenAsync(filter, node, after, last, Page, cancel) is { Count: > 0 } page)
            {
                buffer.ResetWrittenCount();
                foreach (var record in page)
                {
                    AuditLines.Write(buffer, record);
                }
                await context.Response.Body.WriteAsync(buffer.WrittenMemory, cancel);
                after = page[^1].Sequence;
            }
        }
        await context.Response.Body.FlushAsync(cancel);
    }

    private async Task<Ok<AuditProof>> VerifyAsync(string? from, string? to, CancellationToken cancel)
    {
        var check = generations.Current.Part<AuditSeal>().Check;
        return TypedResults.Ok(AuditProof.Of(
            await journal.VerifyAsync(check, AuditParameters.Start(from, "from"), AuditParameters.End(to, "to"), cancel), check is not null));
    }

    // Not cancelled with the request: a file that is written leaves the journal, or is left over.
    private async Task<Ok<ArchiveList>> ArchiveAsync(HttpContext context, ArchiveRequest request)
    {
        var before = AuditParameters.Start(request.Before, "before") ?? throw AuditParameters.Bad("before is missing: the time, or the day, whose records stay");
        if (before > clock.GetUtcNow())
        {
            throw AuditParameters.Bad("before is in the future");
        }
        try
        {
            var made = await archiver.ArchiveAsync(before, AdminGate.OperatorOf(context), context.Connection.RemoteIpAddress, CancellationToken.None);
            return TypedResults.Ok(new ArchiveList(made.Sum(one => one.Last - one.First + 1), [.. made.Select(ArchiveView.Of)]));
        }
        catch (ArchiveException fault)
        {
            throw new AdminException(StatusCodes.Status409Conflict, "not_archived", fault.Message);
        }
    }
}

/// <param name="Before">ISO 8601, a time or a day.</param>
internal sealed record ArchiveRequest(string? Before);

/// <param name="Records">How many left the journal.</param>
internal sealed record ArchiveList(long Records, IReadOnlyList<ArchiveView> Archives);

internal sealed record ArchiveView(string Node, long First, long Last, string File, string Sha256)
{
    public static ArchiveView Of(AuditArchive archive) => new(
        archive.Node, archive.First, archive.Last, archive.FileName, Convert.ToHexStringLower(archive.FileSha256.Span));
}
