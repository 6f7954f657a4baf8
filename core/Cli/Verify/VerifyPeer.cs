using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Kipuka.Sdk;
using Kipuka.Sdk.Tck;

namespace Kipuka.Cli.Verify;

/// <summary>Makes the peer that <c>[verify.auth]</c> describes.</summary>
internal static class VerifyPeer
{
    public static async ValueTask<TckPeer> MakeAsync(VerifyAuthConfig config, TckAuthNode node, CancellationToken cancel)
    {
        var answer = config.Command is null ? default : await CreateAsync(config, config.Command, node, cancel);
        var (scheme, value) = config switch
        {
            { UserPassword: { } pair } => ("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Fill(pair, answer)))),
            { Credential: { } credential } => Split(Fill(credential, answer)),
            _ => (null, ""),
        };
        return new TckPeer { Scheme = scheme, Value = Encoding.UTF8.GetBytes(value), Certificates = Certificates(config), Label = config.Label };
    }

    private static async Task<JsonElement> CreateAsync(VerifyAuthConfig config, string command, TckAuthNode node, CancellationToken cancel)
    {
        if (node.Service is not IAdminActions actions)
        {
            throw CliException.Usage($"verify.auth.command = \"{command}\": the plugin has no admin actions");
        }
        var answer = await actions.RunAsync(
            new AdminCall(command, new Identity("verify", "verify", "kipuka plugin verify"), config.Parameters, JsonSerializer.SerializeToElement(config.Parameters)), cancel);
        return answer is { Status: < 300, Body: { } body }
            ? body
            : throw CliException.Usage($"verify.auth.command = \"{command}\" was answered {answer.Status}{(answer.Body is { } wrong ? $": {wrong.GetRawText()}" : "")}");
    }

    private static string Fill(string text, JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in answer.EnumerateObject())
            {
                text = text.Replace($"{{{member.Name}}}", member.Value.ToString(), StringComparison.Ordinal);
            }
        }
        return text;
    }

    private static (string Scheme, string Value) Split(string credential)
        => credential.Split(' ', 2) is [var scheme, var value] ? (scheme, value) : (credential, "");

    private static IReadOnlyList<ReadOnlyMemory<byte>> Certificates(VerifyAuthConfig config)
    {
        if (config.Certificates is not { } file)
        {
            return [];
        }
        var read = new X509Certificate2Collection();
        read.ImportFromPem(Encoding.ASCII.GetString(file.Bytes.Span));
        return [.. read.Select(certificate => certificate.RawDataMemory)];
    }
}
