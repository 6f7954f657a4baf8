using System.CommandLine;

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
                CertificateText.Write(json, issued.Fields);
                json.WriteString("certificate_file", files.CertificateFile);
                json.WriteString("key_file", files.KeyFile);
                json.WriteEndObject();
            });
            return;
        }
        TextTable.WriteFields(output, [.. CertificateText.Describe(issued.Fields), ("Certificate", files.CertificateFile), ("Private key", files.KeyFile)]);
    }
}
