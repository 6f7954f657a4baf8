using Kipuka.Plugins.AuthOtp;
using Kipuka.Sdk.Auth;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Who is let in, and who is not (rulings 47 to 49).</summary>
public sealed class AuthenticateTests
{
    [Fact]
    public async Task The_right_token_proves_the_entity()
    {
        await using var otp = await Otp.StartAsync();
        var (id, text) = await otp.CreateAsync("""{"entity_id":"device-1"}""");
        var accepted = Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text, "device-1"));
        Assert.Equal(("otp", text[..12], "device-1"), (accepted.Identity.Method, accepted.Identity.Key, accepted.Identity.Name));
        Assert.Equal(id, accepted.Identity.Facts["token_id"]);
        Assert.Equal("device-1", accepted.Identity.Facts["entity_id"]);
        Assert.False(accepted.Credential!.IsExhausted);
    }

    [Fact]
    public async Task A_token_without_entity_is_named_by_its_selector()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var identity = Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text)).Identity;
        Assert.Equal(text[..12], identity.Name);
        Assert.False(identity.Facts.ContainsKey("entity_id"));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("device-1", true)]
    [InlineData("Device-1", false)]
    [InlineData("device-1 ", false)]
    [InlineData("device-2", false)]
    public async Task Ruling_47_the_user_name_is_empty_or_the_entity(string user, bool accepted)
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"entity_id":"device-1","client_id":"device-2"}""");
        Assert.Equal(accepted, await otp.TryAsync(text, user) is AuthenticationResult.Accepted);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("workstation-42", true)]
    [InlineData("other", false)]
    public async Task Without_an_entity_the_client_id_takes_its_place_as_user_name(string user, bool accepted)
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"client_id":"workstation-42"}""");
        Assert.Equal(accepted, await otp.TryAsync(text, user) is AuthenticationResult.Accepted);
    }

    [Theory]
    [InlineData("iot", true)]
    [InlineData("IoT", false)]
    [InlineData(null, false)]
    public async Task Ruling_46_est_label_restricts_where_a_token_works(string? label, bool accepted)
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"est_label":"iot"}""");
        Assert.Equal(accepted, await otp.TryAsync(text, label: label) is AuthenticationResult.Accepted);
    }

    [Fact]
    public async Task Ruling_46_label_is_a_description_only()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync("""{"label":"iot"}""");
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text, label: "elsewhere"));
    }

    [Fact]
    public async Task A_token_is_valid_until_it_expires_and_not_a_tick_longer()
    {
        await using var otp = await Otp.StartAsync();
        var (id, text) = await otp.CreateAsync("""{"ttl":"1h30m"}""");
        otp.Host.Time.Advance(TimeSpan.FromMinutes(90) - TimeSpan.FromTicks(1));
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
        otp.Host.Time.Advance(TimeSpan.FromTicks(1));
        Otp.Unauthenticated(await otp.TryAsync(text));
        Otp.Unauthenticated(await otp.TryAsync(text));
        Assert.Equal(id, Assert.Single(otp.Host.Audit, record => record.Name == "otp.expired").Fields["token_id"]);
    }

    [Fact]
    public async Task A_revoked_token_is_refused()
    {
        await using var otp = await Otp.StartAsync();
        var (id, text) = await otp.CreateAsync();
        Assert.IsType<AuthenticationResult.Accepted>(await otp.TryAsync(text));
        Assert.Equal(204, (await otp.RunAsync("otp revoke", id: id)).Status);
        Otp.Unauthenticated(await otp.TryAsync(text));
    }

    [Fact]
    public async Task Ruling_47_an_unknown_selector_is_refused_without_hashing()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { HashAlgorithm = "argon2id", HashParallelism = 1, HashQueue = 1 });
        var (_, text) = await otp.CreateAsync();
        var unknown = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => Task.Run(async () => await otp.TryAsync("aaaaaaaaaaaa" + text[12..]))));
        Assert.All(unknown, Otp.Unauthenticated);
        Assert.Single(await KeysAsync(otp, "address/"));
        Assert.Empty(await KeysAsync(otp, "failures/"));
    }

    [Fact]
    public async Task What_is_not_Basic_is_not_ours()
    {
        await using var otp = await Otp.StartAsync();
        var (_, text) = await otp.CreateAsync();
        var value = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($":{text}"));
        var challenge = new AuthenticationResult.NotMine("Basic realm=\"est\"");
        Assert.Equal(challenge, await otp.RawAsync("Negotiate", value));
        Assert.Equal(challenge, await otp.RawAsync("Bearer", value));
        Assert.IsType<AuthenticationResult.Accepted>(await otp.RawAsync("bAsIc", value));
    }

    [Fact]
    public async Task Switched_off_it_answers_nothing_and_creates_nothing()
    {
        await using var on = await Otp.StartAsync();
        var (id, text) = await on.CreateAsync();
        await using var off = await Otp.StartAsync(new OtpSettings(), on.Host.Time, on.Host.Memory);
        Assert.Equal(new AuthenticationResult.NotMine(), await off.TryAsync(text));
        Assert.Equal(409, (await off.RunAsync("otp create", "{}")).Status);
        Assert.Equal(204, (await off.RunAsync("otp revoke", id: id)).Status);
        Otp.Unauthenticated(await on.TryAsync(text));
    }

    private static async Task<List<string>> KeysAsync(Otp otp, string prefix)
    {
        List<string> keys = [];
        await foreach (var value in otp.Host.Memory.ListAsync(prefix, default))
        {
            keys.Add(value.Key);
        }
        return keys;
    }
}
