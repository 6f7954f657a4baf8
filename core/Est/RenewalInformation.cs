using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Kipuka.Config;
using Kipuka.Ha;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk.Transport;
using Kipuka.Store;

namespace Kipuka.Est;

/// <summary>
/// Says when a certificate is to be renewed (draft-ietf-lamps-est-renewal-info). Nobody is authenticated, so it says nothing else, and nothing of
/// certificates that are not of the label's CAs.
/// </summary>
internal sealed class RenewalInformation(Ledger ledger, Replacements replacements)
{
    public async Task<EstResponse> ReadAsync(CaGroup group, string? argument, RenewalInfoConfig config, CancellationToken cancel)
    {
        if (CertificateId.Parse(argument) is not { } id)
        {
            return Statuses.Answer(new Refusal(
                RefusalKind.Malformed, "certificate-id",
                "the path must end in the authority key identifier and the serial number, both base64url without padding, with a period between"));
        }
        // One look-up by the serial number, whatever its CA: the certificate itself says under which key it was issued.
        var found = await ledger.FindBySerialAsync(id.SerialHex, null, cancel);
        if (found.FirstOrDefault(record => Is(record, id, group)) is not { } certificate)
        {
            return Statuses.Answer(new Refusal(RefusalKind.NotFound, "unknown-certificate", "there is no such certificate here"));
        }
        var window = RenewalRules.Decide(certificate, config, await replacements.CurrentAsync(cancel));
        return new EstResponse(EstStatus.Ok, EstContent.RenewalInfo, Json(window)) { RetryAfter = config.RetryAfter };
    }

    private static bool Is(CertificateRecord record, CertificateId id, CaGroup group)
    {
        var authority = group.Members.FirstOrDefault(member => member.Id == record.Authority)?.Authority;
        var key = authority is null ? null : CertificateFields.Parse(record.Certificate.Der).AuthorityKeyIdentifier ?? authority.IssuerKeyIdentifier;
        return key is { } known && known.Span.SequenceEqual(id.AuthorityKey.Span);
    }

    private static byte[] Json(RenewalWindow window)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("suggestedWindow");
            json.WriteString("start", Text(window.Start));
            json.WriteString("end", Text(window.End));
            json.WriteEndObject();
            if (window.ExplanationUrl is { } url)
            {
                json.WriteString("explanationURL", url);
            }
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
