using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

[assembly: KipukaPlugin("auth", "plugin-1-name", typeof(Kipuka.Plugin_1.BadgePlugin))]

namespace Kipuka.Plugin_1;

/// <summary>Proves clients by a badge, a long random text, in <c>Authorization: Badge …</c>.</summary>
public sealed class BadgePlugin : Plugin<IAuthenticator, BadgeSettings>
{
    private const int Shortest = 16;

    /// <inheritdoc/>
    public override IEnumerable<SettingsProblem> Check(BadgeSettings settings)
    {
        foreach (var (name, _) in settings.Badges.Where(badge => badge.Value.Length < Shortest))
        {
            yield return new SettingsProblem("badges", $"the badge of {name} is shorter than {Shortest} characters and can be guessed; make a longer one.");
        }
    }

    /// <inheritdoc/>
    public override ValueTask<IAuthenticator> StartAsync(BadgeSettings settings, IPluginHost host, CancellationToken cancel)
        => new(new BadgeAuthenticator(settings));
}
