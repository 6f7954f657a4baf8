namespace Kipuka.Console;

/// <summary>Headless Chromium, driven by Playwright. Loopback only: it is told not to call home.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Program = "chromium";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private readonly IPlaywright _driver;

    private Chromium(IPlaywright driver, IBrowser browser) => (_driver, Browser) = (driver, browser);

    public IBrowser Browser { get; }

    /// <summary>Where screenshots are kept: <c>KIPUKA_SCREENSHOTS</c>, or artifacts/console.</summary>
    public static string Screenshots { get; } = Environment.GetEnvironmentVariable("KIPUKA_SCREENSHOTS") is { Length: > 0 } folder
        ? folder
        : Path.Combine(Repository.Root, "artifacts", "console");

    /// <summary>Null where there is no Chromium; under CI=true that is a failure.</summary>
    public static async Task<Chromium?> StartAsync()
    {
        if (!Tool.Exists(Program))
        {
            return Environment.GetEnvironmentVariable("CI") == "true" ? throw new InvalidOperationException("chromium is not installed; test.sh names the package") : null;
        }
        var path = Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(folder => Path.Combine(folder, Program)).First(File.Exists);
        var driver = await Playwright.CreateAsync();
        return new Chromium(driver, await driver.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = Arguments }));
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _driver.Dispose();
    }
}
