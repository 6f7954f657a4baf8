using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Sdk.Ca;
using Kipuka.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>/admin/ca: the CAs, each with its state, figures and chain.</summary>
internal sealed class CaEndpoints(Generations generations, HealthReport report, Ledger ledger) : IAdminEndpoints
{
    private const string Tag = "CAs";

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("ca", ListAsync).Describe("listCas", Tag, "All CAs with their state and figures.");
        admin.MapGet("cas", ListAsync).Describe("listCasToo", Tag, "The same as /admin/ca.");
        admin.MapGet("ca/{id}", async (string id, CancellationToken cancel) => TypedResults.Ok(View(Find(id), await ledger.FiguresAsync(cancel))))
            .Describe("showCa", Tag, "One CA.").Fails(404);
        admin.MapGet("ca/{id}/chain", (string id) => Chain(id))
            .Describe("showCaChain", Tag, "What /cacerts publishes of one CA, as PEM.").Sends("application/pem-certificate-chain").Fails(404, 503);
    }

    private async Task<Ok<List<CaView>>> ListAsync(CancellationToken cancel)
    {
        var figures = await ledger.FiguresAsync(cancel);
        return TypedResults.Ok(generations.Current.Config.Authorities.Select(ca => View(ca, figures)).ToList());
    }

    private ContentHttpResult Chain(string id)
    {
        var authority = Member(Find(id)).Authority;
        if (!authority.HasCertificates)
        {
            throw new AdminException(
                StatusCodes.Status503ServiceUnavailable, "unavailable",
                $"the certificates of the CA {id} are not known: it has not been reached since the server started");
        }
        return TypedResults.Content(
            string.Concat(authority.PublishedDer.Select(der => Pem.Write("CERTIFICATE", der.Span))), "application/pem-certificate-chain");
    }

    private CaConfig Find(string id) => generations.Current.Config.Authorities.FirstOrDefault(ca => ca.Id == id)
        ?? throw new AdminException(StatusCodes.Status404NotFound, "not_found", $"there is no CA '{Text.Printable(id)}'");

    private CaMember Member(CaConfig ca) => generations.Current.Part<CaGroups>().Find(ca.Id)!;

    private CaView View(CaConfig ca, LedgerFigures all)
    {
        var health = report.Cas().First(entry => entry.Id == ca.Id);
        var figures = all.Of(ca.Id);
        var authority = Member(ca).Authority;
        List<CertificateFields> chain = authority.HasCertificates ? [.. authority.PublishedDer.Select(CertificateFields.Parse)] : [];
        return new CaView(
            ca.Id,
            ca.Name ?? ca.Id,
            health.Label,
            authority.Plugin,
            health.Status,
            health.Error,
            health.LastCheck,
            health.LastSignTime ?? figures.LastIssued,
            chain.Count > 0 ? chain[0].NotAfter : null,
            figures.IssuedToday,
            figures.IssuedTotal,
            figures.IssuedTotal,
            figures.Active,
            all.IsComplete,
            [.. chain.Select(certificate => new ChainEntry(
                certificate.Subject.Text, certificate.Issuer.Text, certificate.SerialHex, certificate.NotBefore, certificate.NotAfter, KeyName(certificate)))],
            HsmView.Of(generations.Current.Find($"ca:{ca.Id}")?.As<IHardwareKey>()));
    }

    private static string KeyName(CertificateFields certificate)
    {
        try
        {
            return certificate.PublicKey.KeyType.Name;
        }
        catch (MalformedException)
        {
            // A root may have a key that we do not issue for; its name is for people only.
            return "unknown";
        }
    }
}

/// <summary>A CA: the union of what both chapters of the book show (ruling 52), and whether its figures are whole: they grow while certificates are counted.</summary>
internal sealed record CaView(
    string Id,
    string Name,
    string? Label,
    string Type,
    string Status,
    string? Error,
    DateTimeOffset? LastCheck,
    DateTimeOffset? LastSignTime,
    DateTimeOffset? CertNotAfter,
    long CertsIssuedToday,
    long CertsIssuedTotal,
    long TotalCertsIssued,
    long ActiveCertificates,
    bool FiguresComplete,
    IReadOnlyList<ChainEntry> CertificateChain,
    HsmView? Hsm);

/// <summary>Where a CA's key is, when it is in an HSM.</summary>
internal sealed record HsmView(string Module, long? Slot, string? TokenLabel, string? KeyLabel, string? KeyId)
{
    public static HsmView? Of(IHardwareKey? key) => key?.Location is { } at ? new HsmView(at.Module, at.Slot, at.TokenLabel, at.KeyLabel, at.KeyId) : null;
}

internal sealed record ChainEntry(string Subject, string Issuer, string Serial, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string KeyAlgorithm);
