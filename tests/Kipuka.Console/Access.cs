namespace Kipuka.Console;

/// <summary>The console for people who use a keyboard, a screen reader, or eyes that need contrast (WCAG 2.2 AA).</summary>
[Collection(ConsoleServer.Name)]
public sealed class Access(ConsoleServer server)
{
    private static readonly string[] Pages = ["overview", "authorities", "certificates", "requests", "passwords", "labels", "audit", "server"];

    // Texts whose colour is too near to what is behind them (success criterion 1.4.3), with their ratio.
    private const string Contrast = """
        () => {
          const parse = text => { const canvas = new OffscreenCanvas(1, 1).getContext('2d'); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
            const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255]; };
          const over = ([r, g, b, a], below) => [r, g, b].map((value, i) => value * a + below[i] * (1 - a));
          const light = colour => { const [r, g, b] = colour.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = element => { const layers = []; for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
            return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]); };
          const bad = [];
          for (const element of document.querySelectorAll('body *')) {
            const text = [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join('');
            if (!text || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest('.unseen, :disabled, option, .skip')) continue;
            const style = getComputedStyle(element), back = behind(element);
            const [a, b] = [light(over(parse(element instanceof SVGElement ? style.fill : style.color), back)), light(back)].sort((x, y) => y - x);
            const ratio = (a + 0.05) / (b + 0.05);
            if (ratio < 4.5) bad.push(`${text.slice(0, 40)}: ${ratio.toFixed(2)}`);
          }
          return bad;
        }
        """;

    // What a screen reader would meet without a name, ids that stand twice, headings that leave a level out.
    private const string Structure = """
        () => {
          const bad = [];
          const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
          ids.filter((id, i) => ids.indexOf(id) !== i).forEach(id => bad.push(`id ${id} twice`));
          for (const e of document.querySelectorAll('input, select, textarea'))
            if (!e.labels?.length && !e.getAttribute('aria-label')) bad.push(`no label: ${e.outerHTML.slice(0, 80)}`);
          for (const e of document.querySelectorAll('button, a, summary'))
            if (!(e.getAttribute('aria-label') || e.textContent.trim())) bad.push(`no name: ${e.outerHTML.slice(0, 80)}`);
          for (const e of document.querySelectorAll('img')) if (!e.hasAttribute('alt')) bad.push('an image without alt');
          for (const e of document.querySelectorAll('[aria-labelledby], [aria-describedby]'))
            for (const id of `${e.getAttribute('aria-labelledby') ?? ''} ${e.getAttribute('aria-describedby') ?? ''}`.trim().split(/\s+/))
              if (!document.getElementById(id)) bad.push(`nothing has the id ${id}`);
          const levels = [...document.querySelectorAll('h1, h2, h3, h4')].map(e => Number(e.tagName[1]));
          if (levels.filter(l => l === 1).length !== 1) bad.push('not one h1');
          levels.forEach((level, i) => { if (i > 0 && level > levels[i - 1] + 1) bad.push(`h${level} after h${levels[i - 1]}`); });
          for (const t of document.querySelectorAll('table')) if (!t.caption || t.querySelectorAll('thead th[scope=col]').length === 0) bad.push('a table without caption or headers');
          if (document.documentElement.lang !== 'en') bad.push('no language');
          return bad;
        }
        """;

    [Fact]
    public async Task Every_page_has_its_landmarks_names_and_contrast_in_light_and_dark()
    {
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            if (await server.SignedInAsync(scheme: scheme) is not { } visit)
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
                    await CheckAsync(visit, page);
                    foreach (var landmark in new[] { AriaRole.Banner, AriaRole.Main })
                    {
                        await Expect(visit.Page.GetByRole(landmark)).ToHaveCountAsync(1);
                    }
                    await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
                }
                await visit.OpenAsync("passwords");
                await visit.Button("New password…").ClickAsync();
                await Expect(visit.Page.GetByRole(AriaRole.Dialog, new() { Name = "New one-time password" })).ToBeVisibleAsync();
                Assert.Empty(await visit.Page.EvaluateAsync<string[]>(Contrast));
            }
        }
        var signIn = (await server.VisitAsync())!;
        await using (signIn)
        {
            await signIn.OpenAsync();
            await Expect(signIn.Page.GetByLabel("Token")).ToBeFocusedAsync();
            await CheckAsync(signIn, "sign-in");
            await signIn.KeepAsync("signin-light");
        }
    }

    [Fact]
    public async Task From_signing_in_to_a_revoked_password_without_a_mouse()
    {
        if (await server.VisitAsync() is not { } visit)
        {
            return;
        }
        var keys = visit.Page.Keyboard;
        await using (visit)
        {
            await visit.OpenAsync();
            await Expect(visit.Page.GetByLabel("Token")).ToBeFocusedAsync();
            await keys.TypeAsync(server.Kipuka.AdminToken);
            await keys.PressAsync("Enter");
            await visit.ShownAsync();

            // The skip link is the first thing there is, and leads behind the list of pages.
            await TabToAsync(visit, "Skip to the content", "Shift+Tab");
            await Expect(visit.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to the content" })).ToBeFocusedAsync();
            await visit.KeepAsync("skip-link-light");
            await keys.PressAsync("Enter");
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();

            await TabToAsync(visit, "Passwords", "Shift+Tab");
            await keys.PressAsync("Enter");
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("One-time passwords");
            await Expect(visit.Page.Locator("#announcer")).ToHaveTextAsync("One-time passwords is shown.");
            await TabToAsync(visit, "New password…");
            await keys.PressAsync("Enter");
            await Expect(visit.Dialog.GetByLabel("For", new() { Exact = true })).ToBeFocusedAsync();
            await keys.TypeAsync("keyboard-1");
            await TabToAsync(visit, "Make it");
            await keys.PressAsync("Space");
            await Expect(visit.Button("I have stored it")).ToBeVisibleAsync();
            await TabToAsync(visit, "I have stored it");
            await keys.PressAsync("Enter");
            await Expect(visit.Row("keyboard-1")).ToBeVisibleAsync();

            await TabToAsync(visit, "Revoke the password for keyboard-1");
            await keys.PressAsync("Enter");
            await Expect(visit.Dialog).ToContainTextAsync("keyboard-1");
            await TabToAsync(visit, "Revoke");
            await keys.PressAsync("Enter");
            await Expect(visit.Row("keyboard-1")).ToHaveCountAsync(0);
            await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync();
        }
    }

    private static async Task CheckAsync(Visit visit, string page)
    {
        var bad = (await visit.Page.EvaluateAsync<string[]>(Structure)).Concat(await visit.Page.EvaluateAsync<string[]>(Contrast));
        Assert.Empty(bad.Select(fault => $"{page}: {fault}"));
    }

    // Presses Tab until the thing with this name has the focus; whatever has it on the way can be seen to have it.
    private static async Task TabToAsync(Visit visit, string name, string key = "Tab")
    {
        for (var press = 0; press < 60; press++)
        {
            await visit.Page.Keyboard.PressAsync(key);
            var focus = await visit.Page.EvaluateAsync<string?[]>(
                "() => { const e = document.activeElement; return [e.getAttribute('aria-label') ?? e.textContent.trim(), e === document.body ? 'auto' : getComputedStyle(e).outlineStyle]; }");
            Assert.NotEqual("none", focus[1]);
            if (focus[0] == name)
            {
                return;
            }
        }
        Assert.Fail($"{key} never reached {name}");
    }
}
