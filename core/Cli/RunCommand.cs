using System.CommandLine;

namespace Kipuka.Cli;

/// <summary><c>kipuka run</c>, and <c>kipuka</c> alone.</summary>
internal sealed class RunCommand(IServer server, Surroundings surroundings) : ICliCommand
{
    private readonly Option<string?> config = SharedOptions.Config();

    private readonly Option<string> logFormat = new Option<string>("--log-format")
    {
        Description = "What the log (on standard error) looks like: readable text, or JSON lines for collectors.",
        DefaultValueFactory = _ => "text",
    }.AcceptOnlyFromAmong("text", "json");

    public Command Build()
    {
        var command = new CliCommand("run", "Run the server.")
        {
            Details = "It runs until it is told to stop (Ctrl-C or SIGTERM). SIGHUP reads the configuration again.",
            Examples =
            [
                "kipuka run",
                "kipuka run --config /etc/kipuka/kipuka.toml --log-format json",
                "KIPUKA_LOG=debug kipuka run           # trace, debug, info (default), warn or error",
            ],
        };
        AddTo(command);
        return command;
    }

    /// <summary>Makes a command run the server: the root is one too.</summary>
    public void AddTo(Command command)
    {
        command.Add(config);
        command.Add(logFormat);
        command.SetAction((parsed, cancel) =>
        {
            var file = surroundings.ConfigFile(parsed.GetValue(config));
            return server.RunAsync(new ServerOptions(file, parsed.GetValue(logFormat) == "json"), ready: null, cancel);
        });
    }
}
