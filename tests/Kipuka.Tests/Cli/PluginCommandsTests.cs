using System.CommandLine;
using Kipuka.Catalog;
using Kipuka.Cli;
using Kipuka.Cli.Actions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kipuka.Tests.Cli;

/// <summary>Commands made of declared actions, against an admin API that a test writes.</summary>
public sealed class PluginCommandsTests : IDisposable
{
    private static readonly AdminActionDescription[] Actions =
    [
        new("auth", "gate", "POST", "gate", "gate create", "Makes a pass.", [new("entity_id", "who"), new("max_uses", "how often")]),
        new("auth", "gate", "POST", "gate/make", "gate create", "Another path of the same.", []),
        new("auth", "gate", "GET", "gate", "gate list", "Lists passes.", [new("owner", "whose")]),
        new("auth", "gate", "DELETE", "gate/{id}", "gate revoke", "Takes a pass back.", [new("id", "the id")]),
        new("auth", "gate", "POST", "never", "run", "A word that the core has.", []),
    ];

    private readonly CliRun cli = new();

    public void Dispose() => cli.Dispose();

    [Fact]
    public async Task Parameters_of_a_post_are_members_of_its_body()
    {
        var seen = "";
        await using var server = await StartAsync(async context =>
        {
            seen = $"{context.Request.Headers.Authorization} {await new StreamReader(context.Request.Body).ReadToEndAsync()}";
            context.Response.StatusCode = 201;
            await context.Response.WriteAsJsonAsync(new { id = "7", token_text = "abcdefgh", otp = "abcdefgh", none = (string?)null });
        });
        var (code, output, error) = await RunAsync(server, "gate", "create", "--entity-id", "device 1", "--max-uses", "3");
        Assert.Equal((0, ""), (code, error));
        var token = (await File.ReadAllTextAsync(server.Workspace.TokenFile)).Trim();
        Assert.Equal($"Bearer {token} {{\"entity_id\":\"device 1\",\"max_uses\":\"3\"}}", seen);
        Assert.Equal(["POST /admin/gate"], server.Requests);
        Assert.Equal("id:          7\ntoken_text:  abcdefgh\n", output);
    }

    [Fact]
    public async Task A_list_is_a_table()
    {
        await using var server = await StartAsync(context => context.Response.WriteAsync("""[{"id":"1","who":"a"},{"id":"22","who":null}]"""));
        var (_, output, _) = await RunAsync(server, "gate", "list", "--owner", "a&b");
        Assert.Equal("ID  WHO\n1   a\n22\n", output);
        Assert.Equal(["GET /admin/gate?owner=a%26b"], server.Requests);
    }

    [Fact]
    public async Task A_placeholder_is_an_argument_and_stays_one_step_of_the_path()
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        var (code, output, _) = await RunAsync(server, "gate", "revoke", "a b?");
        Assert.Equal((0, "Done.\n"), (code, output));
        Assert.Equal(["DELETE /admin/gate/a%20b%3F"], server.Requests);
        Assert.Equal(2, (await RunAsync(server, "gate", "revoke")).Code);
    }

    [Fact]
    public async Task An_error_is_told_in_the_servers_words()
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("""{"error":"not_found","message":"There is no such pass."}""");
        });
        var (code, _, error) = await RunAsync(server, "gate", "revoke", "9");
        Assert.Equal(1, code);
        Assert.EndsWith("404 Not Found: There is no such pass.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_of_the_core_stays_the_cores()
    {
        await using var server = await StartAsync(_ => Task.CompletedTask);
        Assert.Equal(0, (await RunAsync(server, "run", "--help")).Code);
        Assert.Empty(server.Requests);
        var (_, help, _) = await RunAsync(server, "gate", "create", "--help");
        Assert.Contains("Makes a pass.", help, StringComparison.Ordinal);
        Assert.Contains("--entity-id <VALUE>", help, StringComparison.Ordinal);
    }

    private Task<FakeServer> StartAsync(Func<HttpContext, Task> answer) =>
        FakeServer.StartAsync(cli.PathOf("data"), (_, context) => answer(context));

    // As CommandTree runs it, with descriptions in place of installed plugins.
    private async Task<(int Code, string Output, string Error)> RunAsync(FakeServer server, params string[] args)
    {
        await using var services = cli.Services();
        var root = new RootCommand { services.GetRequiredService<RunCommand>().Build() };
        services.GetRequiredService<PluginCommands>().AddTo(root, Actions);
        using StringWriter output = new(), error = new();
        string[] where = args.Contains("--help") ? [] : ["--table", "--admin-url", server.Url, "--config", server.Workspace.ConfigFile];
        var parsed = root.Parse([.. args, .. where]);
        try
        {
            var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            return (parsed.Errors.Count > 0 ? ExitCode.BadUsage : code, output.ToString(), error.ToString());
        }
        catch (CliException fault)
        {
            return (fault.ExitCode, output.ToString(), fault.Message + "\n");
        }
    }
}
