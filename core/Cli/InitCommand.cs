using System.CommandLine;
using Kipuka.Cli.Setup;

namespace Kipuka.Cli;

/// <summary><c>kipuka init</c>: a root, a server certificate, a token and a configuration that works.</summary>
internal sealed class InitCommand(Surroundings surroundings) : ICliCommand
{
    private readonly Option<string> folder = new("--dir")
    {
        HelpName = "DIR",
        Description = "The folder to make everything in.",
        DefaultValueFactory = _ => "./kipuka-data",
    };

    private readonly Option<int> port = PortOption();

    public Command Build()
    {
        var command = new CliCommand(
            "init",
            "Make a folder with a new CA and a configuration that works.")
        {
            Details = "It holds a new root CA, a server certificate for this machine, a token for the admin API and a commented kipuka.toml. "
                + "Never overwrites anything.",
            Examples = ["kipuka init --dir /etc/kipuka", "kipuka init && kipuka run --config kipuka-data/kipuka.toml"],
        };
        command.Add(folder);
        command.Add(port);
        command.SetAction(parsed =>
        {
            var made = new Workspace(surroundings.FullPath(parsed.GetRequiredValue(folder)), surroundings.Clock).Create(parsed.GetValue(port));
            Report(made, parsed.InvocationConfiguration.Output);
        });
        return command;
    }

    /// <summary><c>--port</c>, which leaves room for the admin API above it.</summary>
    public static Option<int> PortOption()
    {
        var option = new Option<int>("--port")
        {
            HelpName = "N",
            Description = "The port for EST; the admin API takes the one 1000 above.",
            DefaultValueFactory = _ => Workspace.DefaultPort,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var given) && given is < 1 or > Workspace.HighestPort)
            {
                result.AddError($"--port must be from 1 to {Workspace.HighestPort}: the admin API takes the port 1000 above it.");
            }
        });
        return option;
    }

    /// <summary>Says what was made.</summary>
    public static void Report(WorkspaceReport made, TextWriter output)
    {
        output.WriteLine($"Made {made.Folder}:");
        TextTable.WriteFields(output,
        [
            ("kipuka.toml", "the configuration"),
            ("ca.pem, ca-key.pem", "the root CA that issues certificates, and its private key"),
            ("server.pem, server-key.pem", "the server's certificate for localhost, and its private key"),
            ("audit-key.pem, audit-key.pub.pem", "the key that signs the audit journal, and its public key"),
            ("admin.token", "the token of the admin API"),
        ], "  ");
        output.WriteLine($"CA fingerprint (SHA-256): {made.Fingerprint}");
        foreach (var note in made.Notes)
        {
            output.WriteLine($"Note: {note}");
        }
    }
}
