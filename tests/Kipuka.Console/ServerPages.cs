using System.Net;
using System.Text.Json;

namespace Kipuka.Console;

/// <summary>Overview, authorities, labels, journal and the server itself.</summary>
[Collection(ConsoleServer.Name)]
public sealed class ServerPages(ConsoleServer server)
{
    [Fact]
    public async Task The_overview_shows_health_figures_and_the_same_numbers_in_chart_and_table()
    {
        if (await server.SignedInAsync() is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Health" })).ToContainTextAsync("Everything works.");
            var stats = (await server.Kipuka.AdminAsync(HttpMethod.Get, "stats")).Body!.Value.GetProperty("totals");
            var issued = stats.GetProperty("issued").GetInt64();
            await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Figures" })).ToContainTextAsync($"{issued}issued");
            await Expect(visit.Page.GetByRole(AriaRole.Img, new() { Name = $"{issued} issued, {stats.GetProperty("refused")} refused, {stats.GetProperty("failed")} failed" })).ToBeVisibleAsync();
            await visit.Page.GetByText("The same as a table").ClickAsync();
            await Expect(visit.Page.GetByRole(AriaRole.Table, new() { Name = "Certificates and requests over time" })).ToContainTextAsync(issued.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await visit.Page.GetByLabel("Time shown").SelectOptionAsync("30d");
            await Expect(visit.Page.GetByRole(AriaRole.Region, new() { Name = "Figures" })).ToContainTextAsync("last 30 days");
            await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "waiting for approval" })).ToBeVisibleAsync();
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task A_busy_day_is_drawn_with_a_bar_for_every_hour(ColorScheme scheme)
    {
        if (await server.VisitAsync(null, scheme) is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await visit.Page.RouteAsync("**/admin/stats*", route => route.FulfillAsync(new() { ContentType = "application/json", Body = BusyDay() }));
            await visit.SignInAsync(server.Kipuka.AdminToken);
            await Expect(visit.Page.Locator("svg .bar.issued")).ToHaveCountAsync(24);
            await Expect(visit.Page.Locator("svg .bar.failed")).ToHaveCountAsync(3);
            await visit.Page.Locator("svg .hit").Nth(12).HoverAsync();
            await Expect(visit.Page.Locator(".reading")).ToHaveTextAsync("2026-11-20 12:00 UTC: 1332 issued, 12 refused, 0 failed");
            await visit.KeepAsync($"overview-busy-{scheme.ToString().ToLowerInvariant()}");
        }
    }

    [Fact]
    public async Task A_group_is_put_onto_one_member_and_back()
    {
        if (await server.SignedInAsync("authorities") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await visit.Button("Show the chain of backup as PEM").ClickAsync();
            await Expect(visit.Dialog).ToContainTextAsync("-----BEGIN CERTIFICATE-----");
            await visit.Button("Close").ClickAsync();
            await visit.Button("Use only backup in the group main").ClickAsync();
            await visit.Dialog.GetByLabel("Reason").FillAsync("maintenance");
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Use only this" }).ClickAsync();
            await Expect(visit.Page.GetByText("Only backup serves, by the word of bearer:tests (maintenance)")).ToBeVisibleAsync();
            await visit.KeepAsync("failover-light");
            await visit.Button("End the forced failover of the group main").ClickAsync();
            await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "End it", Exact = true }).ClickAsync();
            await Expect(visit.Page.GetByText("Only backup serves")).ToHaveCountAsync(0);
            Assert.Equal(
                JsonValueKind.Null,
                (await server.Kipuka.AdminAsync(HttpMethod.Get, "ha")).Body!.Value.GetProperty("groups").EnumerateArray().First().GetProperty("failover").ValueKind);
        }
    }

    [Fact]
    public async Task A_label_says_in_words_and_values_what_it_allows()
    {
        if (await server.SignedInAsync("labels") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            var iot = visit.Page.GetByRole(AriaRole.Article, new() { Name = "iot" });
            await Expect(iot).ToContainTextAsync("Keys: ecdsa-p256, ecdsa-p384.");
            await Expect(iot).ToContainTextAsync("The subject has to match ^CN=sensor-[0-9]+$.");
            await iot.GetByText("All values").ClickAsync();
            await Expect(iot).ToContainTextAsync("max_validity_days");
            await Expect(visit.Page.GetByRole(AriaRole.Article, new() { Name = "watched" })).ToContainTextAsync("An operator has to approve every certificate within 7d.");
            await iot.GetByRole(AriaRole.Link, new() { Name = "Certificates" }).ClickAsync();
            await Expect(visit.Page.GetByLabel("Label")).ToHaveValueAsync("iot");
        }
    }

    [Fact]
    public async Task The_journal_is_filtered_and_followed_as_it_is_written()
    {
        if (await server.SignedInAsync("audit") is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            await visit.Page.GetByLabel("Events").SelectOptionAsync("reject");
            await visit.Page.GetByLabel("Result").SelectOptionAsync("failure");
            await visit.Button("Filter").ClickAsync();
            await Expect(visit.Row("cert.denied").First).ToContainTextAsync("subject_pattern does not match the subject CN=toaster");
            await visit.Row("cert.denied").First.GetByRole(AriaRole.Button).ClickAsync();
            await Expect(visit.Dialog).ToContainTextAsync("previous_hash");
            await visit.KeepAsync("record-light");
            await visit.Button("Close").ClickAsync();

            await visit.OpenAsync("audit?action=cert.issued");
            await Expect(visit.Page.GetByLabel("Events")).ToHaveValueAsync("cert.issued");
            await visit.Button("Follow live").ClickAsync();
            await Expect(visit.Page.GetByText("Live: new records appear by themselves.")).ToBeVisibleAsync();
            await Expect(visit.Page.GetByText("Waiting for the next record")).ToBeVisibleAsync();
            (await server.Kipuka.EnrollDeviceAsync("CN=live-1")).Dispose();
            await Expect(visit.Row("CN=live-1")).ToBeVisibleAsync();
            (await server.Kipuka.EnrollDeviceAsync("CN=live-2")).Dispose();
            await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("CN=live-2");
            await visit.KeepAsync("audit-live-light");
            await visit.Button("Stop following").ClickAsync();
            await Expect(visit.Button("Follow live")).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task A_reload_is_asked_for_once_and_what_is_wrong_is_listed()
    {
        if (await server.SignedInAsync("server") is not { } visit)
        {
            return;
        }
        var good = await File.ReadAllTextAsync(server.Kipuka.ConfigFile);
        await using (visit.Expecting(409))
        {
            await ReloadAsync(visit);
            await Expect(visit.Page.GetByText("serves now.")).ToBeVisibleAsync();
            await File.WriteAllTextAsync(server.Kipuka.ConfigFile, good + "\ncolour = \"red\"\n");
            try
            {
                await ReloadAsync(visit);
                await Expect(visit.Page.GetByText("The reload was refused; the page lists what to mend.")).ToBeVisibleAsync();
                await Expect(visit.Page.GetByRole(AriaRole.Main)).ToContainTextAsync("colour");
                await visit.KeepAsync("server-refused-light");
            }
            finally
            {
                await File.WriteAllTextAsync(server.Kipuka.ConfigFile, good);
                Assert.Equal(HttpStatusCode.OK, (await server.Kipuka.AdminAsync(HttpMethod.Post, "reload")).Status);
            }
            await visit.GoAsync("Overview");
            await Expect(visit.Page.GetByText("Everything works.")).ToBeVisibleAsync();
        }
    }

    private static async Task ReloadAsync(Visit visit)
    {
        await visit.Button("Reload the configuration…").ClickAsync();
        await Expect(visit.Dialog).ToContainTextAsync("keeps serving");
        await visit.Dialog.GetByRole(AriaRole.Button, new() { Name = "Reload", Exact = true }).ClickAsync();
        await Expect(visit.Dialog).ToHaveCountAsync(0);
        await visit.ShownAsync();
    }

    private static string BusyDay()
    {
        var start = new DateTimeOffset(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);
        var hours = Enumerable.Range(0, 24).Select(hour => new
        {
            start = start.AddHours(hour),
            count = new { issued = 120 + hour * (24 - hour) * 8 + hour % 5 * 30, refused = hour % 6 * 17 + 12 * (hour == 12 ? 1 : 0), failed = hour is 7 or 8 or 19 ? 60 : 0 },
        }).ToList();
        return JsonSerializer.Serialize(new
        {
            from = start,
            to = start.AddDays(1),
            bucket_seconds = 3600,
            pending_requests = 12,
            totals = new { issued = hours.Sum(hour => hour.count.issued), refused = hours.Sum(hour => hour.count.refused), failed = hours.Sum(hour => hour.count.failed) },
            buckets = hours,
            labels = new[] { new { label = "iot", count = hours[3].count }, new { label = "web", count = hours[9].count } },
            cas = Array.Empty<object>(),
        });
    }
}
