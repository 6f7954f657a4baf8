using System.CommandLine;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary><c>kipuka est csrattrs</c>.</summary>
internal sealed class CsrattrsCommand(Surroundings surroundings) : IEstCommand
{
    private readonly EstOptions options = new(surroundings);

    public Command Build()
    {
        var command = new CliCommand("csrattrs", "Ask what the server would like to see in a certificate request.")
        {
            Examples = ["kipuka est csrattrs --url https://localhost:8443 --cacert kipuka-data/ca.pem"],
        };
        options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancel)
    {
        using var session = options.Open(parsed, cancel);
        var attributes = await session.Client.CsrAttributesAsync();
        if (parsed.GetValue(options.Json))
        {
            Write(parsed.InvocationConfiguration.Output, attributes);
            return ExitCode.Done;
        }
        if (attributes.Count == 0)
        {
            session.Tell("The server has nothing to say.");
        }
        foreach (var line in Lines(attributes))
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
        }
        return ExitCode.Done;
    }

    private static List<string> Lines(IReadOnlyList<CsrAttribute> attributes)
    {
        try
        {
            return [.. CsrAdviceText.Lines(attributes)];
        }
        catch (MalformedException fault)
        {
            throw new CliException($"the server's answer is not what RFC 9908 says: {fault.Message}; --json shows it as it came");
        }
    }

    private static void Write(TextWriter output, IReadOnlyList<CsrAttribute> attributes) => JsonText.Write(output, json =>
    {
        json.WriteStartArray();
        foreach (var attribute in attributes)
        {
            json.WriteStartObject();
            json.WriteString("oid", attribute.Oid);
            if (attribute.Values is { } values)
            {
                json.WriteStartArray("values");
                foreach (var value in values)
                {
                    json.WriteStringValue(Convert.ToHexStringLower(value.Span));
                }
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
