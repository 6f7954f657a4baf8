using System.CommandLine;
using System.Text.Json;

namespace Kipuka.Cli.Client;

/// <summary>What <c>enroll</c> and <c>reenroll</c> print in the end.</summary>
internal static class EnrollReport
{
    public static void Write(ParseResult parsed, Option<bool> asJson, IssuedCertificate issued, RequestFiles files)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(asJson))
        {
            JsonText.Write(output, json =>
            {
                json.WriteStartObject();
                Write(json, issued, files);
                json.WriteEndObject();
            });
            return;
        }
        TextTable.WriteFields(output, Describe(issued, files));
    }

    public static IReadOnlyList<(string Name, string Value)> Describe(IssuedCertificate issued, RequestFiles files)
        => [.. CertificateText.Describe(issued.Fields), ("Certificate", files.CertificateFile), ("Private key", files.KeyFile)];

    /// <summary>Members of an object.</summary>
    public static void Write(Utf8JsonWriter json, IssuedCertificate issued, RequestFiles files)
    {
        CertificateText.Write(json, issued.Fields);
        json.WriteString("certificate_file", files.CertificateFile);
        json.WriteString("key_file", files.KeyFile);
    }
}
