using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Console;

/// <summary>A browser window at the console. When it is closed it must have seen no error that was not announced, and nothing from elsewhere.</summary>
public sealed class Visit : IAsyncDisposable
{
    private const string Secret = "test";

    private readonly IBrowserContext _context;
    private readonly List<string> _errors = [];
    private readonly HashSet<int> _expected = [];
    private bool _mayLoseServer;

    private Visit(IBrowserContext context, IPage page, string origin)
    {
        (_context, Page, Origin) = (context, page, origin);
        page.Console += (_, message) => Heard(message);
        page.PageError += (_, error) => Add(error);
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(origin + "/", StringComparison.Ordinal) && !request.Url.StartsWith("data:", StringComparison.Ordinal))
            {
                Add($"request to {request.Url}");
            }
        };
    }

    public IPage Page { get; }

    public string Origin { get; }

    public static async Task<Visit> OpenAsync(IBrowser browser, string origin, X509Certificate2? certificate, ColorScheme scheme, int width)
    {
        var context = await browser.NewContextAsync(new()
        {
            IgnoreHTTPSErrors = true,
            ColorScheme = scheme,
            ViewportSize = new() { Width = width, Height = 800 },
            ReducedMotion = ReducedMotion.Reduce,
            ClientCertificates = certificate is null ? null : [new() { Origin = origin, Pfx = certificate.Export(X509ContentType.Pkcs12, Secret), Passphrase = Secret }],
        });
        context.SetDefaultTimeout(15_000);
        return new Visit(context, await context.NewPageAsync(), origin);
    }

    /// <summary>Answers with this status are part of the test; the browser reports each as an error.</summary>
    public Visit Expecting(params int[] statuses)
    {
        _expected.UnionWith(statuses);
        return this;
    }

    /// <summary>The server may go away.</summary>
    public void MayLoseServer() => _mayLoseServer = true;

    public Task OpenAsync(string page = "") => Page.GotoAsync($"{Origin}/console/{(page.Length > 0 ? $"#/{page}" : "")}");

    public async Task SignInAsync(string token, string page = "overview")
    {
        await OpenAsync(page);
        await Page.GetByLabel("Token").FillAsync(token);
        await Button("Sign in").ClickAsync();
        await ShownAsync();
    }

    /// <summary>Goes to a page by its link.</summary>
    public async Task GoAsync(string link, string? heading = null)
    {
        await Page.GetByRole(AriaRole.Navigation, new() { Name = "Pages", Exact = true }).GetByRole(AriaRole.Link, new() { Name = link }).ClickAsync();
        await Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading ?? link);
        await ShownAsync();
    }

    /// <summary>Until the page has what it shows.</summary>
    public Task ShownAsync() => Expect(Page.Locator("nav ~ main:not([aria-busy]) h1").First).ToBeVisibleAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    public ILocator Row(string text) => Page.GetByRole(AriaRole.Row).Filter(new() { HasText = text });

    public Task KeepAsync(string name)
    {
        Directory.CreateDirectory(Chromium.Screenshots);
        return Page.ScreenshotAsync(new() { Path = Path.Combine(Chromium.Screenshots, $"{name}.png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        lock (_errors)
        {
            Assert.Empty(_errors);
        }
    }

    private void Heard(IConsoleMessage message)
    {
        var isExpected = _expected.Any(status => message.Text.Contains($"status of {status}", StringComparison.Ordinal))
            || (_mayLoseServer && message.Text.Contains("net::ERR_", StringComparison.Ordinal));
        if (message.Type is "error" or "warning" && !isExpected)
        {
            Add($"{message.Type}: {message.Text} ({message.Location})");
        }
    }

    private void Add(string error)
    {
        lock (_errors)
        {
            _errors.Add(error);
        }
    }
}
