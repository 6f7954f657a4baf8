using System.Security.Cryptography;
using System.Text.Json;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>A certificate, printed.</summary>
internal static class CertificateText
{
    /// <summary>SHA-256 in hex pairs with colons, as <c>openssl x509 -fingerprint -sha256</c> prints it.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> der) =>
        string.Join(':', SHA256.HashData(der).Select(octet => octet.ToString("X2", null)));

    /// <summary>Reads a certificate that a server sent.</summary>
    public static CertificateFields Parse(ReadOnlyMemory<byte> der)
    {
        try
        {
            return CertificateFields.Parse(der);
        }
        catch (MalformedException fault)
        {
            throw new CliException($"the server sent a certificate that cannot be read: {fault.Message}");
        }
    }

    public static IReadOnlyList<(string Name, string Value)> Describe(CertificateFields fields) =>
    [
        ("Subject", fields.Subject.Text),
        ("Names", fields.SubjectAltName?.Text ?? "none"),
        ("Issuer", fields.Issuer.Text),
        ("Serial", fields.SerialHex),
        ("Valid", $"{fields.NotBefore.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z to {fields.NotAfter.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"),
    ];

    /// <summary>Members of an object.</summary>
    public static void Write(Utf8JsonWriter json, CertificateFields fields)
    {
        json.WriteString("subject", fields.Subject.Text);
        json.WriteString("san", fields.SubjectAltName?.Text);
        json.WriteString("issuer", fields.Issuer.Text);
        json.WriteString("serial", fields.SerialHex);
        json.WriteString("not_before", fields.NotBefore.UtcDateTime);
        json.WriteString("not_after", fields.NotAfter.UtcDateTime);
        json.WriteString("fingerprint_sha256", fields.FingerprintSha256);
        json.WriteString("certificate", Pem.Write("CERTIFICATE", fields.Raw.Span));
    }
}
