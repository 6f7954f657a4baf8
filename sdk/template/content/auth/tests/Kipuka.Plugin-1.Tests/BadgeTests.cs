using System.Text;
using Kipuka.Sdk;
using Kipuka.Sdk.Tck;

namespace Kipuka.Plugin_1.Tests;

public sealed class BadgeTests
{
    private const string Badge = "a badge that nobody guesses";

    private static BadgeSettings Settings => new() { Badges = new Dictionary<string, Secret> { ["device-1"] = Secret.FromText(Badge) } };

    [Fact]
    public async Task The_plugin_keeps_the_contract()
    {
        var options = new AuthOptions
        {
            Schemes = ["Badge"],
            MakePeer = (_, _) => new(new TckPeer { Scheme = "Badge", Value = Encoding.UTF8.GetBytes(Badge) }),
        };
        (await AuthSuite.RunAsync(new BadgePlugin(), Settings, options)).ThrowIfFailed();
    }

    [Fact]
    public void A_badge_that_can_be_guessed_is_a_problem()
    {
        var weak = new BadgeSettings { Badges = new Dictionary<string, Secret> { ["device-1"] = Secret.FromText("1234") } };
        Assert.Single(new BadgePlugin().Check(weak));
        Assert.Empty(new BadgePlugin().Check(Settings));
    }
}
