namespace Kipuka.Console;

/// <summary>The way in: a certificate with nothing to type, a token in a form, and what is said to everybody else.</summary>
[Collection(ConsoleServer.Name)]
public sealed class SignIn(ConsoleServer server)
{
    [Fact]
    public async Task With_the_token_the_overview_is_shown_and_signing_out_forgets_it()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await Expect(visit.Page).ToHaveTitleAsync("Overview · Kipuka");
            await Expect(visit.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("by token");
            await visit.Button("Sign out").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Sign in to Kipuka" })).ToBeVisibleAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("You have signed out.");
            await visit.Page.ReloadAsync();
            await Expect(visit.Page.GetByLabel("Token")).ToBeEmptyAsync();
            Assert.Equal("[]", await visit.Page.EvaluateAsync<string>("JSON.stringify([...Object.keys(localStorage), ...Object.keys(sessionStorage), ...document.cookie])"));
            Assert.Equal(["admin.logout", "admin.login"], await EventsAsync("admin.log*"));
        }
    }

    [Fact]
    public async Task A_wrong_token_is_said_in_a_sentence_and_the_right_one_then_opens()
    {
        if (await server.VisitAsync() is not { } visit)
        {
            return;
        }
        await using (visit.Expecting(401))
        {
            await visit.OpenAsync();
            await visit.Page.GetByLabel("Token").FillAsync("not-the-token");
            await visit.Page.Keyboard.PressAsync("Enter");
            await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("This token is not accepted. Check that it is complete and that it is one of the server's admin tokens.");
            await Expect(visit.Page.GetByLabel("Token")).ToBeFocusedAsync();
            await visit.KeepAsync("signin-wrong-light");
            await visit.Page.GetByLabel("Token").FillAsync(server.Kipuka.AdminToken);
            await visit.Page.Keyboard.PressAsync("Enter");
            await visit.ShownAsync();
        }
    }

    [Fact]
    public async Task With_an_operators_certificate_nothing_is_typed()
    {
        using var alice = server.Operator();
        if (await server.VisitAsync(alice, ColorScheme.Dark) is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await visit.OpenAsync("labels");
            await visit.ShownAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("CN=alice");
            await Expect(visit.Page.GetByRole(AriaRole.Banner)).ToContainTextAsync("by certificate");
            await Expect(visit.Page).ToHaveTitleAsync("Labels · Kipuka");
            await visit.Button("Sign out").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Your browser still has the certificate");
            await visit.KeepAsync("signin-certificate-dark");
            await visit.Button("Continue as CN=alice").ClickAsync();
            await visit.ShownAsync();
        }
    }

    [Fact]
    public async Task Another_certificate_is_no_operators_and_the_token_still_opens()
    {
        using var stranger = server.Operator("CN=mallory", server.Kipuka.Authority);
        if (await server.VisitAsync(stranger) is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await visit.OpenAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("The certificate of your browser is not an operator's. Sign in with an admin token instead.");
            await visit.SignInAsync(server.Kipuka.AdminToken);
        }
    }

    private async Task<List<string>> EventsAsync(string action)
    {
        var (_, body, _) = await server.Kipuka.AdminAsync(HttpMethod.Get, $"audit?action={action}&per_page=2");
        return [.. body!.Value.GetProperty("events").EnumerateArray().Select(record => record.GetProperty("event_type").GetString()!)];
    }
}
