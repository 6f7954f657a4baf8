using System.CommandLine;
using Kipuka.Audit;

namespace Kipuka.Cli.Auditing;

/// <summary><c>kipuka audit key</c>: the key that signs anchors and archives.</summary>
internal sealed class AuditKeyMaker(Surroundings surroundings)
{
    public const string PublicSuffix = ".pub.pem";

    public Command Build()
    {
        var file = new Option<string>("--out") { HelpName = "FILE", Required = true, Description = "The private key's file; the public key goes beside it, ending in .pub.pem." };
        var command = new CliCommand("key", "Make the key that signs the journal's anchors and archives.")
        {
            Details = "Name it as anchor_key in [audit]. Keep a copy of the public key where the server's administrators cannot change it: "
                + "kipuka audit verify needs it. Never overwrites.",
            Examples = ["kipuka audit key --out /etc/kipuka/audit-key.pem"],
        };
        command.Add(file);
        command.SetAction(parsed =>
        {
            var path = surroundings.FullPath(parsed.GetRequiredValue(file));
            var beside = PublicFile(path);
            if (new[] { path, beside }.FirstOrDefault(Path.Exists) is { } taken)
            {
                throw new CliException($"{taken} exists already, and nothing is ever overwritten");
            }
            using var key = AuditKey.Create();
            NewFile.Write(path, key.PrivatePem(), NewFile.OwnerOnly);
            NewFile.Write(beside, key.PublicPem, NewFile.Public);
            TextTable.WriteFields(parsed.InvocationConfiguration.Output, [("private key", path), ("public key", beside), ("id", key.Id)]);
        });
        return command;
    }

    /// <summary>Where the public key of a private key's file is.</summary>
    public static string PublicFile(string path) =>
        (path.EndsWith(".pem", StringComparison.Ordinal) ? path[..^".pem".Length] : path) + PublicSuffix;
}
