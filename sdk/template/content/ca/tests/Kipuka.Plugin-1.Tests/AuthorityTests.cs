using Kipuka.Sdk.Tck;

namespace Kipuka.Plugin_1.Tests;

public sealed class AuthorityTests
{
    [Theory]
    [InlineData("ecdsa")]
    [InlineData("rsa")]
    public async Task The_plugin_keeps_the_contract(string algorithm)
    {
        var settings = TestFiles.Settings(algorithm);
        (await CaSuite.RunAsync(new AuthorityPlugin(), settings)).ThrowIfFailed();
    }

    [Fact]
    public async Task A_key_of_another_certificate_is_refused()
    {
        var settings = TestFiles.Settings("ecdsa") with { Key = TestFiles.Settings("ecdsa").Key };
        using var host = new TckHost();
        await Assert.ThrowsAnyAsync<Exception>(async () => await new AuthorityPlugin().StartAsync(settings, host, default));
    }
}
