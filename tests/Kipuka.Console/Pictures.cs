namespace Kipuka.Console;

/// <summary>Every page as it looks, in light and in dark, and narrow.</summary>
[Collection(ConsoleServer.Name)]
public sealed class Pictures(ConsoleServer server)
{
    private static readonly string[] Pages = ["overview", "authorities", "certificates", "requests", "passwords", "labels", "audit", "server"];

    [Theory]
    [InlineData(ColorScheme.Light, 1280, "light")]
    [InlineData(ColorScheme.Dark, 1280, "dark")]
    [InlineData(ColorScheme.Light, 390, "narrow")]
    public async Task Every_page_fits_its_window(ColorScheme scheme, int width, string name)
    {
        if (await server.SignedInAsync("overview", scheme, width) is not { } visit)
        {
            return;
        }
        await using (visit)
        {
            foreach (var page in Pages)
            {
                await visit.OpenAsync(page);
                await Expect(visit.Page.Locator("nav a[aria-current=page]").First).ToHaveAttributeAsync("href", $"#/{page}");
                await visit.ShownAsync();
                await visit.KeepAsync($"{page}-{name}");
                Assert.True(await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{page} is wider than its window");
            }
        }
    }
}
