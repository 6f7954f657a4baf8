using System.Net;
using System.Text.RegularExpressions;

namespace Kipuka.Console;

/// <summary>What changes a server for everybody: on one of its own.</summary>
[Collection(ConsoleServer.Name)]
public sealed class OwnServer(ConsoleServer shared)
{
    [Fact]
    public async Task A_token_that_is_removed_ends_the_visit_too_many_guesses_lock_out_and_a_server_that_stops_is_said()
    {
        if (shared.Kipuka is null)
        {
            return;
        }
        await using var server = await KipukaServer.StartAsync();
        await using var visit = (await shared.VisitAsync(origin: $"https://127.0.0.1:{server.AdminPort}"))!.Expecting(401, 403);
        await visit.SignInAsync(server.AdminToken);
        await Expect(visit.Page.GetByText("Nothing yet")).ToBeVisibleAsync();
        await visit.KeepAsync("overview-empty-light");
        await visit.GoAsync("Certificates");
        await Expect(visit.Page.GetByText("Nothing has been issued yet")).ToBeVisibleAsync();
        await visit.GoAsync("Requests");
        await Expect(visit.Page.GetByText("Nothing waits for a decision")).ToBeVisibleAsync();

        // Another token in kipuka.toml: the one in the page opens nothing any more.
        var config = await File.ReadAllTextAsync(server.ConfigFile);
        await File.WriteAllTextAsync(server.ConfigFile, Regex.Replace(config, "sha256:[0-9a-f]{64}", "sha256:" + new string('1', 64)));
        Assert.Equal(HttpStatusCode.OK, (await server.AdminAsync(HttpMethod.Post, "reload")).Status);
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Labels" }).ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The credential is not accepted. Sign in again.");

        for (var guess = 0; guess < 20; guess++)
        {
            await server.AdminAsync(HttpMethod.Get, "ca", token: "guess");
        }
        await visit.Page.GetByLabel("Token").FillAsync(server.AdminToken);
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(new Regex(
            @"^There were too many failed attempts from this address\. You can try again at \d\d:\d\d:\d\d UTC \(in \d minutes?\)\.$"));
        await visit.KeepAsync("signin-locked-light");

        visit.MayLoseServer();
        await server.StopAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.GetByLabel("Token").FillAsync("x");
        await visit.Button("Sign in").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The server cannot be reached. Check that it runs and that this computer can connect to it, then try again.");
    }
}
