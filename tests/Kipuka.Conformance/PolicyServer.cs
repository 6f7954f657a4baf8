using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Kipuka.Conformance;

/// <summary>A server whose CAs are limited by name constraints, with a strict label and its twin, and its audit records in a file.</summary>
public sealed class PolicyServer : EstServer
{
    /// <summary>Limits what stands below it; it issues nothing here itself.</summary>
    public TestAuthority Above { get; } = new("Constrained Root", change: request =>
    {
        request.CertificateExtensions.Remove(request.CertificateExtensions.OfType<X509BasicConstraintsExtension>().Single());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(Constraints([Dns("example.com"), Mail("example.com"), Ip(10, 0, 0, 0, 255, 0, 0, 0)], [Dns("secret.example.com")]));
    });

    protected override ServerSetup Setup
    {
        get
        {
            var below = new TestAuthority("Below", parent: Above);
            var own = new TestAuthority("Own", change: request => request.CertificateExtensions.Add(Constraints([Directory("Acme")], [])));
            return new ServerSetup
            {
                Ca = "certificate_policies = [\"1.3.6.1.4.1.99999.1\", { oid = \"1.3.6.1.4.1.99999.2\", cps = \"https://example.com/cps\" }]",
                Files = new Dictionary<string, string>
                {
                    ["below.pem"] = below.CertificatePem,
                    ["below-key.pem"] = below.KeyPem,
                    ["above.pem"] = Above.CertificatePem,
                    ["own.pem"] = own.CertificatePem,
                    ["own-key.pem"] = own.KeyPem,
                },
                More = """
                    [[est.label]]
                    name = "loose"
                    ca_id = "default"
                    require_san = false
                    max_validity_days = 10
                    [[est.label]]
                    name = "strict"
                    ca_id = "default"
                    require_san = false
                    max_validity_days = 10
                    strict = true
                    [[est.label]]
                    name = "policies"
                    ca_id = "default"
                    require_san = false
                    certificate_policies = ["2.23.140.1.2.1"]
                    [[est.label]]
                    name = "unproven"
                    ca_id = "default"
                    require_san = false
                    require_proof_of_possession = false
                    [[est.label]]
                    name = "below"
                    ca_id = "below"
                    require_san = false
                    [[est.label]]
                    name = "own"
                    ca_id = "own"
                    require_san = false
                    [[ca]]
                    id = "below"
                    cert = "below.pem"
                    key = "below-key.pem"
                    root = "above.pem"
                    [[ca]]
                    id = "own"
                    cert = "own.pem"
                    key = "own-key.pem"
                    [audit]
                    file = "audit.jsonl"
                    """,
            };
        }
    }

    /// <summary>The record of an event about a subject; waits for the file, which follows the journal.</summary>
    public async Task<Dictionary<string, string>> AuditedAsync(string name, string subject)
    {
        using var watcher = new FileSystemWatcher(Kipuka.Folder, "audit.jsonl");
        for (var tries = 0; tries < 100; tries++)
        {
            foreach (var line in (await ReadAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // The last line may be half written.
                if (!line.EndsWith('}')) continue;
                var record = JsonDocument.Parse(line).RootElement;
                if (record.GetProperty("event_type").GetString() != name || !line.Contains(subject, StringComparison.Ordinal)) continue;
                return record.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Object).ToDictionary(f => f.Name, f => f.Value.ToString());
            }
            await Task.Run(() => watcher.WaitForChanged(WatcherChangeTypes.All, 100));
        }
        throw new InvalidOperationException($"no {name} of {subject} was audited");
    }

    private async Task<string> ReadAsync()
    {
        var path = Path.Combine(Kipuka.Folder, "audit.jsonl");
        if (!File.Exists(path)) return "";
        try
        {
            return await File.ReadAllTextAsync(path);
        }
        catch (IOException)
        {
            return ""; // the server holds its lock while it appends: the next look will see more
        }
    }

    private static X509Extension Constraints(byte[][] permitted, byte[][] excluded) => new(
        "2.5.29.30",
        RawCsr.Sequence([.. new[] { (0, permitted), (1, excluded) }.Where(trees => trees.Item2.Length > 0)
            .Select(trees => RawCsr.Tagged(trees.Item1, [.. trees.Item2.Select(tree => RawCsr.Sequence(tree))]))]),
        true);

    private static byte[] Mail(string text) => RawCsr.Tlv(0x81, System.Text.Encoding.ASCII.GetBytes(text));

    private static byte[] Dns(string text) => RawCsr.Tlv(0x82, System.Text.Encoding.ASCII.GetBytes(text));

    private static byte[] Ip(params byte[] octets) => RawCsr.Tlv(0x87, octets);

    private static byte[] Directory(string organization) => RawCsr.Tagged(4, RawCsr.Sequence(RawCsr.Set(RawCsr.Sequence(
        RawCsr.Oid("2.5.4.10"), RawCsr.Tlv((byte)UniversalTagNumber.UTF8String, System.Text.Encoding.UTF8.GetBytes(organization))))));
}
