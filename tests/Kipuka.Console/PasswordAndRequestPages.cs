using System.Net;

namespace Kipuka.Console;

/// <summary>One-time passwords, and requests that wait for an operator.</summary>
[Collection(ConsoleServer.Name)]
public sealed class PasswordAndRequestPages(ConsoleServer server)
{
    [Fact]
    public async Task A_password_is_made_shown_once_works_and_another_one_is_revoked()
    {
        if (await server.SignedInAsync("passwords") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            var password = await MakeAsync(visit, "camera-1");
            await visit.KeepAsync("password-light");
            await visit.Button("I have stored it").ClickAsync();
            await Expect(visit.Row("camera-1")).ToContainTextAsync("1 of 1");
            Assert.DoesNotContain(password, await visit.Page.ContentAsync(), StringComparison.Ordinal);
            using (var csr = new Csr("CN=camera-1"))
            {
                Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, password)).Status);
            }

            var other = await MakeAsync(visit, "camera-2");
            await visit.Button("I have stored it").ClickAsync();
            await visit.Button("Revoke the password for camera-2").ClickAsync();
            await Expect(visit.Dialog).ToContainTextAsync("camera-2");
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
            await Expect(visit.Page.GetByText("The password is revoked.")).ToBeVisibleAsync();
            await Expect(visit.Row("camera-2")).ToHaveCountAsync(0);
            using var refused = new Csr("CN=camera-2");
            Assert.Equal(HttpStatusCode.Unauthorized, (await server.Kipuka.EnrollAsync(refused, other)).Status);
        }
    }

    [Fact]
    public async Task What_the_server_does_not_accept_is_said_in_the_dialog_which_stays_open()
    {
        if (await server.SignedInAsync("passwords") is not { } visit)
        {
            return;
        }
        await using (visit.Expecting(400))
        {
            await visit.Button("New password…").ClickAsync();
            await visit.Dialog.GetByLabel("For", new() { Exact = true }).FillAsync("with\u0001control");
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
            await Expect(visit.Dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("entity_id");
            await visit.Dialog.GetByLabel("For", new() { Exact = true }).FillAsync("camera-3");
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
            await Expect(visit.Button("I have stored it")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_request_appears_by_itself_is_approved_and_the_client_gets_its_certificate()
    {
        if (await server.SignedInAsync("requests") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            var (csr, password) = await server.AskAsync("CN=pump-1", "pump-1.plant.example");
            using (csr)
            {
                await Expect(visit.Page.GetByRole(AriaRole.Article, new() { Name = "Request for CN=pump-1" })).ToContainTextAsync("DNS:pump-1.plant.example", new() { Timeout = 20_000 });
                await visit.Button("Approve the request for CN=pump-1").ClickAsync();
                await Expect(visit.Dialog).ToContainTextAsync("DNS:pump-1.plant.example");
                await visit.KeepAsync("approve-light");
                await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Approve", Exact = true }).ClickAsync();
                await Expect(visit.Page.GetByText("The request for CN=pump-1 is approved.")).ToBeVisibleAsync();
                await Expect(visit.Button("Approve the request for CN=pump-1")).ToHaveCountAsync(0);
                Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll")).Status);
            }
        }
    }

    [Fact]
    public async Task A_request_is_rejected_with_a_reason_that_the_client_is_told()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        var (csr, password) = await server.AskAsync("CN=pump-2");
        using (csr)
        await using (visit)
        {
            await visit.GoAsync("Requests");
            await visit.Button("Show the request for CN=pump-2 as it was sent").ClickAsync();
            await Expect(visit.Dialog).ToContainTextAsync("-----BEGIN CERTIFICATE REQUEST-----");
            await visit.Button("Close").ClickAsync();
            await visit.Button("Reject the request for CN=pump-2").ClickAsync();
            await visit.Dialog.GetByLabel("Reason").FillAsync("not in the\ninventory");
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Reject", Exact = true }).ClickAsync();
            await Expect(visit.Page.GetByText("The request for CN=pump-2 is rejected.")).ToBeVisibleAsync();
            Assert.Contains("not in the inventory", (await server.Kipuka.EnrollAsync(csr, password, path: "watched/simpleenroll")).ToString(), StringComparison.Ordinal);
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "All", Exact = true }).ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Article, new() { Name = "Request for CN=pump-2" })).ToContainTextAsync("by bearer:tests");
        }
    }

    private static async Task<string> MakeAsync(Visit visit, string entity)
    {
        await visit.Button("New password…").ClickAsync();
        await visit.Dialog.GetByLabel("For", new() { Exact = true }).FillAsync(entity);
        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Make it" }).ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("It is shown now and never again.");
        return await visit.Dialog.GetByRole(AriaRole.Region, new() { Name = "Password" }).InnerTextAsync();
    }
}
