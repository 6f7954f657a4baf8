using System.CommandLine;
using System.Net;
using Kipuka.Cli.Quickstart;
using Kipuka.Cli.Setup;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary><c>kipuka quickstart</c>: from nothing to a server that issues, and the lines that show it.</summary>
internal sealed class QuickstartCommand(IServer server, InstalledPlugins installed, Surroundings surroundings) : ICliCommand
{
    private readonly Option<string> folder = new("--dir")
    {
        HelpName = "DIR",
        Description = "The folder for everything; made the first time (as kipuka init does), kept as it is later.",
        DefaultValueFactory = _ => "./kipuka-data",
    };

    private readonly Option<int> port = InitCommand.PortOption();

    private readonly Option<bool> once = new("--once")
    {
        Description = "Prove that it works and stop: enroll and renew a certificate over HTTPS, verify it, print it.",
    };

    public Command Build()
    {
        var command = new CliCommand(
            "quickstart",
            "Start a working EST server on this machine and show how to use it.")
        {
            Details = "Prints a one-time password and lines to paste that get a first certificate with it. Only programs of this machine can reach "
                + "the server. Ctrl-C stops it; a second run goes on with the same CA.",
            Examples = ["kipuka quickstart", "kipuka quickstart --dir /tmp/demo --port 10443", "kipuka quickstart --once"],
        };
        command.Add(folder);
        command.Add(port);
        command.Add(once);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        var workspace = new Workspace(surroundings.FullPath(parsed.GetRequiredValue(folder)), surroundings.Clock);
        var output = parsed.InvocationConfiguration.Output;
        Prepare(workspace, parsed, output);
        var service = LocalService.Of(workspace, installed, surroundings);
        var run = new QuickstartRun(server, service, output);
        return parsed.GetValue(once)
            ? await run.OnceAsync(parsed.InvocationConfiguration.Error, cancel)
            : await run.ServeAsync(parsed.InvocationConfiguration.Error, cancel);
    }

    // The ports are tried before anything is made: after a refusal, another --port still counts.
    private void Prepare(Workspace workspace, ParseResult parsed, TextWriter output)
    {
        if (!workspace.Exists)
        {
            var wanted = parsed.GetValue(port);
            Demand(new IPEndPoint(IPAddress.Loopback, wanted), "choose another with --port");
            Demand(new IPEndPoint(IPAddress.Loopback, wanted + Workspace.AdminPortOffset), "choose another --port: the admin API takes the one 1000 above it");
            InitCommand.Report(workspace.Create(wanted), output);
            return;
        }
        output.WriteLine($"Using {workspace.Folder} as it is.");
        var config = new ConfigTables(surroundings, workspace.ConfigFile).Bind<ServerConfig>("server");
        if (parsed.GetResult(port) is { Implicit: false } && parsed.GetValue(port) != config.Listen.Port)
        {
            output.WriteLine($"Note: --port counts only when the folder is made. The port is {config.Listen.Port}, as {workspace.ConfigFile} says.");
        }
        Demand(config.Listen, $"stop that one, or change listen in {workspace.ConfigFile}");
        if (!config.AdminListen.Equals(config.Listen))
        {
            Demand(config.AdminListen, $"stop that one, or change admin_listen in {workspace.ConfigFile}");
        }
    }

    private static void Demand(IPEndPoint listen, string remedy)
    {
        if (LocalAddress.Refusal(listen) is { } refusal)
        {
            throw new CliException($"{refusal}; {remedy}");
        }
    }
}
