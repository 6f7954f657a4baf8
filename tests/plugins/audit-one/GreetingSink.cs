using Greeting;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;

namespace Kipuka.TestPlugins;

/// <summary>A sink that notes its starts and stops in a file, where a test can see them from outside of its load context.</summary>
public sealed class GreetingSinkPlugin : Plugin<IAuditSink, GreetingSinkSettings>
{
    public override IEnumerable<SettingsProblem> Check(GreetingSinkSettings settings)
        => settings.Text switch
        {
            "rude" => [new SettingsProblem("text", "is rude; be polite")],
            "curt" => [new SettingsProblem("text", "is curt") { IsWarning = true }],
            _ => [],
        };

    public override async ValueTask<IAuditSink> StartAsync(GreetingSinkSettings settings, IPluginHost host, CancellationToken cancel)
    {
        switch (settings.Text)
        {
            case "fail":
                throw new InvalidOperationException("the greeting stuck in the throat");
            case "hang":
                await Task.Delay(Timeout.Infinite, CancellationToken.None);
                break;
            default:
                break;
        }
        return new GreetingSink(settings, host);
    }
}

public sealed record GreetingSinkSettings
{
    public required SettingsPath Notes { get; init; }

    public string Text { get; init; } = "";
}

internal sealed class GreetingSink : IAuditSink
{
    private readonly GreetingSinkSettings settings;
    private readonly IPluginHost host;

    public GreetingSink(GreetingSinkSettings settings, IPluginHost host)
    {
        this.settings = settings;
        this.host = host;
        Note("started");
    }

    public ValueTask WriteAsync(IReadOnlyList<AuditEvent> batch, CancellationToken cancel) => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        Note("stopped");
        return ValueTask.CompletedTask;
    }

    public override string ToString() => Greeter.Text;

    private void Note(string what) => File.AppendAllText(settings.Notes.FullPath, $"{host.Instance} {settings.Text} {what}\n");
}
