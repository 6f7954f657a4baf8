using System.Globalization;
using System.Text.Json;
using Kipuka.Audit;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/audit: the journal, in pages and as it grows.</summary>
internal sealed class AuditEndpoints(Journal journal, AuditStream stream) : IAdminEndpoints
{
    private const int MostPerPage = 1000;
    private const int UsualPerPage = 100;

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("audit", (Delegate)ListAsync).Describe(
            "listAudit", "Audit", "The journal, newest first, filtered and in pages.", [.. AuditParameters.Filters, ApiParameter.Page, ApiParameter.PerPage(UsualPerPage)])
            .Produces<AuditListView>().Fails(400);
        admin.MapGet("audit/stream", (Delegate)stream.RunAsync).Describe(
            "followAudit", "Audit", "The journal as it grows: server-sent events, resumed by Last-Event-ID.",
            [.. AuditParameters.Filters, new("last_event_id", "Begin behind this record: what the header Last-Event-ID says, for those who cannot send it.")])
            .Sends("text/event-stream").Fails(400, 503);
    }

    // Written by hand: a record has a shape of its own, the same here, in the stream and in exports.
    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var filter = AuditParameters.Read(query);
        var page = Number(query["page"], 1, 1_000_000, 1, "page");
        var perPage = Number(query["per_page"], 1, MostPerPage, UsualPerPage, "per_page");
        var found = await journal.ListAsync(filter, page, perPage, context.RequestAborted);
        using var buffer = new MemoryStream();
        await using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("events");
            foreach (var record in found.Events)
            {
                AuditJson.Write(json, record, withCertificate: false);
            }
            json.WriteEndArray();
            json.WriteNumber("total", found.Total);
            json.WriteBoolean("complete", found.IsComplete);
            json.WriteNumber("page", found.Page);
            json.WriteNumber("per_page", found.PerPage);
            json.WriteEndObject();
        }
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.Length;
        await context.Response.Body.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), context.RequestAborted);
    }

    private static int Number(Microsoft.Extensions.Primitives.StringValues given, int least, int most, int usual, string name) => given.Count == 0
        ? usual
        : given.Count == 1 && int.TryParse(given[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw AuditParameters.Bad($"{name} is a number from {least} to {most}");
}
