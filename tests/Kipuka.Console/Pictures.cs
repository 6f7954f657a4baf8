namespace Kipuka.Console;

/// <summary>Every page as it looks, in light and in dark, and narrow.</summary>
[Collection(ConsoleServer.Name)]
public sealed class Pictures(ConsoleServer server)
{
    [Theory]
    [InlineData("overview")]
    [InlineData("authorities")]
    [InlineData("certificates")]
    [InlineData("requests")]
    [InlineData("passwords")]
    [InlineData("labels")]
    [InlineData("audit")]
    [InlineData("server")]
    public async Task A_page_fits_its_window_and_is_legible_in_light_and_dark(string page)
    {
        foreach (var (scheme, width) in new[] { (ColorScheme.Light, 1280), (ColorScheme.Dark, 1280), (ColorScheme.Light, 390) })
        {
            if (await server.SignedInAsync(page, scheme, width) is not { } visit)
            {
                return;
            }
            await using (visit)
            {
                await visit.KeepAsync($"{page}-{(width < 500 ? "narrow" : scheme.ToString().ToLowerInvariant())}");
                Assert.True(await visit.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than its window");
            }
        }
    }
}
