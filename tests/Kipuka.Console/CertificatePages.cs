using System.Net;

namespace Kipuka.Console;

/// <summary>Certificates: found, read and revoked.</summary>
[Collection(ConsoleServer.Name)]
public sealed class CertificatePages(ConsoleServer server)
{
    [Fact]
    public async Task A_certificate_is_found_by_its_subject_and_shown_with_its_chain()
    {
        if (await server.SignedInAsync("certificates") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await Expect(visit.Page.GetByText("1–25 of")).ToBeVisibleAsync();
            await visit.Button("Next").ClickAsync();
            await Expect(visit.Page.GetByText("26–")).ToBeVisibleAsync();
            await visit.Page.GetByLabel("Subject contains").FillAsync("printer");
            await visit.Button("Filter").ClickAsync();
            await Expect(visit.Page.GetByText("1–1 of 1")).ToBeVisibleAsync();
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "printer.office.example" }).ClickAsync();
            var main = visit.Page.GetByRole(AriaRole.Main);
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("O=Example Works,CN=printer.office.example");
            await Expect(main).ToContainTextAsync("DNS:printer.office.example");
            await Expect(main).ToContainTextAsync("-----BEGIN CERTIFICATE-----");
            await Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "Chain above the certificate" })).ToContainTextAsync("CN=Kipuka Test CA");
            await visit.KeepAsync("certificate-light");
        }
    }

    [Fact]
    public async Task A_filter_that_nothing_fits_says_so_and_leads_back()
    {
        if (await server.SignedInAsync("certificates?subject=nobody-has-this") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await Expect(visit.Page.GetByText("No certificate fits the filter")).ToBeVisibleAsync();
            await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Show all certificates" }).ClickAsync();
            await Expect(visit.Page.GetByText("1–25 of")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_list_that_is_not_searched_to_its_end_says_so_and_goes_on_when_asked()
    {
        if (await server.SignedInAsync("certificates?subject=nobody-has-this") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await Expect(visit.Button("Search on")).ToHaveCountAsync(0);
            await visit.Page.RouteAsync("**/admin/certs?*", route => route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = """{"page":1,"per_page":25,"total":0,"complete":false,"certificates":[]}""",
            }));
            await visit.Button("Filter").ClickAsync();
            await Expect(visit.Page.GetByText("Nothing was found so far")).ToBeVisibleAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages of this list" })).ToContainTextAsync("older ones have not been searched yet");
            await visit.Page.UnrouteAllAsync();
            await visit.Button("Search on").ClickAsync();
            await Expect(visit.Page.GetByText("No certificate fits the filter")).ToBeVisibleAsync();
            await Expect(visit.Button("Search on")).ToHaveCountAsync(0);
        }
    }

    [Fact]
    public async Task Revoking_asks_once_names_the_certificate_and_is_done()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        using var device = await server.Kipuka.EnrollDeviceAsync("CN=lost");
        var serial = device.SerialNumber.ToLowerInvariant();
        await using (visit)
        {
            await visit.GoAsync("Certificates");
            await visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Serial number" }).FillAsync(string.Join(':', Enumerable.Range(0, serial.Length / 2).Select(i => serial.Substring(2 * i, 2))));
            await visit.Button("Open").ClickAsync();
            await visit.Button("Revoke…").ClickAsync();
            await Expect(visit.Dialog).ToContainTextAsync("CN=lost");
            await Expect(visit.Dialog).ToContainTextAsync(serial);
            await Expect(visit.Dialog).ToContainTextAsync("There is no way back.");
            await visit.KeepAsync("revoke-light");

            await visit.Page.Keyboard.PressAsync("Escape");
            await Expect(visit.Dialog).ToHaveCountAsync(0);
            await Expect(visit.Button("Revoke…")).ToBeFocusedAsync();
            Assert.Equal("active", await StatusAsync(serial));

            await visit.Button("Revoke…").ClickAsync();
            await visit.Dialog.GetByLabel("Reason").SelectOptionAsync("keyCompromise");
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Revoke", Exact = true }).ClickAsync();
            await Expect(visit.Page.GetByText("The certificate is revoked.")).ToBeVisibleAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("Reason: keyCompromise");
            await Expect(visit.Button("Revoke…")).ToHaveCountAsync(0);
            Assert.Equal("revoked", await StatusAsync(serial));
        }
    }

    [Fact]
    public async Task A_certificate_that_does_not_exist_is_said_in_a_sentence()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        await using (visit.Expecting(404))
        {
            await visit.OpenAsync("certificates/00ab");
            await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no certificate with the serial number ab.");
        }
    }

    [Fact]
    public async Task Markup_in_a_name_is_text_on_every_page()
    {
        if (await server.SignedInAsync("certificates") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            // Ruling 56: special characters of a subject are hex pairs. Other texts, such as a password's entity, come as they are.
            await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = @"CN=\3Cimg src\3Dx onerror\3Dalert(1)\3E\3Cb\3Ebold" })).ToBeVisibleAsync();
            foreach (var page in new[] { "audit?actor=onerror", "passwords", "audit?action=otp.created" })
            {
                await server.Kipuka.CreatePasswordAsync(ConsoleServer.Markup);
                await visit.OpenAsync("overview");
                await visit.OpenAsync(page);
                await visit.ShownAsync();
                if (page != "audit?action=otp.created")
                {
                    await Expect(visit.Page.GetByText(ConsoleServer.Markup).First).ToBeVisibleAsync();
                }
                Assert.Equal(0, await visit.Page.Locator("main img, main b").CountAsync());
            }
        }
    }

    private async Task<string?> StatusAsync(string serial)
    {
        var (status, body, text) = await server.Kipuka.AdminAsync(HttpMethod.Get, $"certs/{serial}");
        Assert.True(status == HttpStatusCode.OK, text);
        return body!.Value.GetProperty("certificate").GetProperty("status").GetString();
    }
}
