using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

[assembly: KipukaPlugin("auth", "scripted", typeof(Kipuka.TestPlugins.ScriptedAuthenticatorPlugin))]

namespace Kipuka.TestPlugins;

/// <summary>Knows nobody, when it works.</summary>
public sealed class ScriptedAuthenticatorPlugin : Plugin<IAuthenticator, ScriptSettings>
{
    public override IEnumerable<SettingsProblem> Check(ScriptSettings settings)
    {
        if (settings.Check == "hang")
        {
            Thread.Sleep(Timeout.Infinite);
        }
        return [];
    }

    public override ValueTask<IAuthenticator> StartAsync(ScriptSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new ScriptedAuthenticator(settings));
}

internal sealed class ScriptedAuthenticator(ScriptSettings settings) : IAuthenticator
{
    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
    {
        await settings.ObeyAsync(cancel);
        return new AuthenticationResult.Rejected("the script knows nobody");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
