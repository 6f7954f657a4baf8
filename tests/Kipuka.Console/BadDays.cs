namespace Kipuka.Console;

/// <summary>When something is wrong, a sentence says what to do; never a raw error. And the page obeys its own policy.</summary>
[Collection(ConsoleServer.Name)]
public sealed class BadDays(ConsoleServer server)
{
    private const int MostBytes = 300 * 1024;

    [Theory]
    [InlineData(503, "text/html", "<html>bad gateway</html>", "The server, or what stands before it, is not available (HTTP 503). Try again in a moment.")]
    [InlineData(502, "text/html", "<html>nginx</html>", "The server gave an answer that this page cannot read (HTTP 502).")]
    [InlineData(503, "application/json", """{"error":"unavailable","message":"the database does not answer"}""", "The database does not answer. Try again in a moment.")]
    [InlineData(500, "application/json", """{"error":"internal","message":"the server failed; reference 0a1b2c3d4e5f"}""", "The server failed, and its log says why, under the reference 0a1b2c3d4e5f.")]
    public async Task A_page_that_gets_no_answer_says_why_and_tries_again(int status, string type, string body, string sentence)
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        await using (visit.Expecting(status))
        {
            await visit.Page.RouteAsync("**/admin/labels", route => route.FulfillAsync(new() { Status = status, ContentType = type, Body = body }));
            await visit.OpenAsync("labels");
            await Expect(visit.Page.GetByRole(AriaRole.Status).Filter(new() { HasText = "Try again" })).ToContainTextAsync(sentence);
            if (status == 500)
            {
                await visit.KeepAsync("failure-light");
            }
            await visit.Page.UnrouteAllAsync();
            await visit.Button("Try again").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Article, new() { Name = "iot" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_page_of_one_thing_says_so_too()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        await using (visit.Expecting(503))
        {
            await visit.Page.RouteAsync("**/admin/certs/*", route => route.FulfillAsync(new() { Status = 503, Body = "" }));
            await visit.OpenAsync("certificates/0a1b");
            await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("is not available (HTTP 503)");
            await Expect(visit.Button("Try again")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_page_that_is_open_keeps_what_it_knew_and_says_since_when()
    {
        if (await server.VisitAsync() is not { } visit)
        {
            return;
        }
        visit.MayLoseServer();
        await using (visit)
        {
            await visit.Page.Clock.InstallAsync();
            await visit.SignInAsync(server.Kipuka.AdminToken);
            await visit.Page.RouteAsync("**/admin/**", route => route.AbortAsync());
            await visit.Page.Clock.FastForwardAsync(20_000);
            await Expect(visit.Page.Locator(".stale")).ToContainTextAsync("The server cannot be reached.");
            await Expect(visit.Page.Locator(".stale")).ToContainTextAsync("Not up to date since");
            await Expect(visit.Page.GetByText("Everything works.")).ToBeVisibleAsync();
            await visit.KeepAsync("overview-stale-light");
            await visit.Page.UnrouteAllAsync();
            await visit.Page.Clock.FastForwardAsync(20_000);
            await Expect(visit.Page.Locator(".stale")).ToBeEmptyAsync();
        }
    }

    [Fact]
    public async Task The_policy_lets_no_markup_and_no_inline_script_in()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        try
        {
            Assert.Equal("TypeError", await visit.Page.EvaluateAsync<string>("() => { try { document.body.innerHTML = '<i>x</i>'; return 'done'; } catch (fault) { return fault.name; } }"));
            Assert.False(await visit.Page.EvaluateAsync<bool>("""
                () => { const script = document.createElement('script'); const button = document.createElement('button'); window.ran = false;
                        try { script.textContent = 'window.ran = true'; } catch { } button.setAttribute('data-x', 'y'); document.body.append(script, button); return window.ran; }
                """));
            await visit.Page.Locator("h1").WaitForAsync();
        }
        finally
        {
            // Here, and only here, the browser has to complain: that it does is what makes the other tests' silence worth something.
            var complaint = await Assert.ThrowsAnyAsync<Exception>(async () => await visit.DisposeAsync());
            Assert.Contains("TrustedHTML", complaint.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_of_the_console_is_small_and_its_own()
    {
        if (await server.VisitAsync() is not { } visit)
        {
            return;
        }
        var bytes = 0;
        visit.Page.Response += (_, response) => Interlocked.Add(ref bytes, response.Headers.TryGetValue("content-length", out var length) ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture) : 0);
        await using (visit)
        {
            await visit.SignInAsync(server.Kipuka.AdminToken);
            var folder = new DirectoryInfo(Path.Combine(Repository.Root, "core", "Admin", "Console"));
            var whole = folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
            Assert.InRange(whole, 1, MostBytes);
            Assert.InRange(bytes, 1, MostBytes);
        }
    }

    [Fact]
    public async Task Where_there_are_no_passwords_there_is_no_page_for_them()
    {
        if (await server.VisitAsync() is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await visit.Page.RouteAsync("**/admin/openapi.json", route => route.FulfillAsync(new() { ContentType = "application/json", Body = """{"paths":{}}""" }));
            await visit.SignInAsync(server.Kipuka.AdminToken, "passwords");
            await Expect(visit.Page).ToHaveTitleAsync("Overview · Kipuka");
            await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Passwords" })).ToHaveCountAsync(0);
            await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Labels" })).ToHaveCountAsync(1);
        }
    }
}
