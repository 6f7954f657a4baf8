using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Catalog;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary><c>kipuka plugin sign</c>: a publisher's signature, which stands for a pin where the publisher is named.</summary>
internal sealed class PluginSign(Surroundings surroundings)
{
    public Command Build()
    {
        var folder = new Argument<string>("FOLDER") { Description = "A plugin's folder, as it will be installed." };
        var cert = new Option<string>("--cert") { HelpName = "FILE", Description = "The publisher's certificate, PEM.", Required = true };
        var key = new Option<string>("--key") { HelpName = "FILE", Description = "Its private key, PEM, not encrypted.", Required = true };
        var command = new CliCommand("sign", "Sign a plugin folder: writes plugin.p7s into it.")
        {
            Details = "The signature is a detached CMS SignedData over the folder's sha256sum lines; openssl cms -sign -binary makes the same.",
            Examples = ["kipuka plugin sign out/ca-acme --cert acme.pem --key acme-key.pem"],
        };
        command.Add(folder);
        command.Add(cert);
        command.Add(key);
        command.SetAction(parsed =>
        {
            var path = surroundings.FullPath(parsed.GetRequiredValue(folder));
            var problems = new ConfigProblems();
            var read = Directory.Exists(path) ? PluginFolder.Read(path, problems) : throw CliException.Usage($"{path} is no folder");
            ProblemList.Write(parsed.InvocationConfiguration.Error, problems.All);
            if (read is null)
            {
                throw new CliException($"{path} is no plugin folder: it holds no assembly that may be read");
            }
            using var publisher = Load(surroundings.FullPath(parsed.GetRequiredValue(cert)), surroundings.FullPath(parsed.GetRequiredValue(key)));
            var target = Path.Combine(path, PluginSignature.FileName);
            File.WriteAllBytes(target, PluginSignature.Sign(read.Lines, publisher));
            parsed.InvocationConfiguration.Output.WriteLine($"{target}: signed by {publisher.Subject}, over sha256:{read.Hash}");
        });
        return command;
    }

    private static X509Certificate2 Load(string cert, string key)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(cert, key);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CliException($"{cert} and {key}: {fault.Message}");
        }
    }
}
