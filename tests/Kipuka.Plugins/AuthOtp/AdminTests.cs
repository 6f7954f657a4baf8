using System.Text.Json;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 46: what administrators may ask, and exactly what they are answered.</summary>
public sealed class AdminTests
{
    private static readonly string[] Listed =
    [
        "id", "token_id", "entity_id", "client_id", "label", "created_at", "created", "expires_at", "expires", "max_uses", "remaining_uses",
        "usage_count",
    ];

    [Fact]
    public async Task Creating_answers_201_with_the_members_of_both_chapters()
    {
        await using var otp = await Otp.StartAsync();
        var answer = await otp.RunAsync("otp create", """{"entity_id":"d1","client_id":"c1","label":"for people","ttl":7200,"max_uses":3}""");
        Assert.Equal(201, answer.Status);
        var json = answer.Body!.Value;
        Assert.Equal(Listed.Concat(["token", "otp"]).Order(), json.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(json.GetProperty("token").GetString(), json.GetProperty("otp").GetString());
        Assert.Equal(json.GetProperty("id").GetGuid(), json.GetProperty("token_id").GetGuid());
        Assert.Equal("2026-06-24T10:15:00Z", json.GetProperty("created_at").GetString());
        Assert.Equal("2026-06-24T12:15:00Z", json.GetProperty("expires").GetString());
        Assert.Equal((3, 3, 0), (Number(json, "max_uses"), Number(json, "remaining_uses"), Number(json, "usage_count")));
        Assert.Equal(("d1", "c1", "for people"), (Text(json, "entity_id"), Text(json, "client_id"), Text(json, "label")));
        var record = Assert.Single(otp.Host.Audit);
        Assert.Equal(("otp.created", true, Otp.Operator), (record.Name, record.Success, record.Actor));
    }

    [Theory]
    [InlineData("{}", 86400, 1)]
    [InlineData("""{"ttl":"24h"}""", 86400, 1)]
    [InlineData("""{"ttl":"1h30m"}""", 5400, 1)]
    [InlineData("""{"ttl":"7d"}""", 604800, 1)]
    [InlineData("""{"ttl":7200}""", 7200, 1)]
    [InlineData("""{"ttl":"7200"}""", 7200, 1)]
    [InlineData("""{"ttl_seconds":60}""", 60, 1)]
    [InlineData("""{"ttl_seconds":"60"}""", 60, 1)]
    [InlineData("""{"ttl":315360000}""", 315360000, 1)]
    [InlineData("""{"expires_at":"2026-06-24T10:15:01Z"}""", 1, 1)]
    [InlineData("""{"expires_at":"2026-06-24T12:15:00+02:00","max_uses":2}""", 0, 0)]
    [InlineData("""{"expires_at":"2026-06-24T12:15:01.250+02:00"}""", 1, 1)]
    [InlineData("""{"expires_at":"2026-06-24T10:16:00"}""", 60, 1)]
    [InlineData("""{"max_uses":5}""", 86400, 5)]
    [InlineData("""{"max_usage":"1000000"}""", 86400, 1000000)]
    [InlineData("""{"entity_id":null,"ttl":null}""", 86400, 1)]
    public async Task Validity_and_uses_are_read_in_every_form_of_the_book(string body, int seconds, int uses)
    {
        await using var otp = await Otp.StartAsync();
        var answer = await otp.RunAsync("otp create", body);
        if (uses == 0)
        {
            Assert.Equal(400, answer.Status);
            return;
        }
        Assert.Equal(201, answer.Status);
        var expires = answer.Body!.Value.GetProperty("expires_at").GetDateTimeOffset();
        Assert.Equal(TimeSpan.FromSeconds(seconds), expires - otp.Host.Time.GetUtcNow());
        Assert.Equal(uses, Number(answer.Body.Value, "max_uses"));
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("""{"ttll":"24h"}""", "ttll")]
    [InlineData("""{"ttl":"24h","ttl":"24h"}""", "ttl")]
    [InlineData("""{"ttl":"24h","expires_at":"2027-01-01T00:00:00Z"}""", "expires_at")]
    [InlineData("""{"max_uses":1,"max_usage":1}""", "max_usage")]
    [InlineData("""{"ttl":"24"   ,"ttl_seconds":1}""", "ttl_seconds")]
    [InlineData("""{"ttl":0}""", "ttl")]
    [InlineData("""{"ttl":-1}""", "ttl")]
    [InlineData("""{"ttl":1.5}""", "ttl")]
    [InlineData("""{"ttl":"soon"}""", "ttl")]
    [InlineData("""{"ttl":true}""", "ttl")]
    [InlineData("""{"ttl":"3651d"}""", "ttl")]
    [InlineData("""{"ttl":99999999999999999999}""", "ttl")]
    [InlineData("""{"ttl_seconds":"1h"}""", "ttl_seconds")]
    [InlineData("""{"expires_at":"2026-06-24T10:15:00Z"}""", "expires_at")]
    [InlineData("""{"expires_at":"tomorrow"}""", "expires_at")]
    [InlineData("""{"expires_at":"2126-06-24T10:15:00Z"}""", "expires_at")]
    [InlineData("""{"max_uses":0}""", "max_uses")]
    [InlineData("""{"max_uses":1000001}""", "max_uses")]
    [InlineData("""{"max_uses":"many"}""", "max_uses")]
    [InlineData("""{"entity_id":""}""", "entity_id")]
    [InlineData("""{"entity_id":7}""", "entity_id")]
    [InlineData("""{"label":"a\nb"}""", "label")]
    [InlineData("""{"est_label":"a/b"}""", "est_label")]
    public async Task What_is_not_understood_is_400_and_named(string body, string named)
    {
        await using var otp = await Otp.StartAsync();
        var answer = await otp.RunAsync("otp create", body);
        Assert.Equal(400, answer.Status);
        Assert.Contains(named, Text(answer.Body!.Value, "message"), StringComparison.Ordinal);
        Assert.Equal(0, otp.Host.Memory.Writes);
        Assert.Empty(otp.Host.Audit);
    }

    [Fact]
    public async Task A_text_may_have_256_characters()
    {
        await using var otp = await Otp.StartAsync();
        Assert.Equal(201, (await otp.RunAsync("otp create", $$"""{"subject":"{{new string('x', 256)}}"}""")).Status);
        Assert.Equal(400, (await otp.RunAsync("otp create", $$"""{"subject":"{{new string('x', 257)}}"}""")).Status);
    }

    [Fact]
    public async Task Without_a_body_the_settings_hold_and_they_are_defaults_not_caps()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { DefaultTtl = TimeSpan.FromMinutes(5), MaxUses = 2 });
        var plain = (await otp.RunAsync("otp create")).Body!.Value;
        Assert.Equal(("2026-06-24T10:20:00Z", 2), (Text(plain, "expires"), Number(plain, "max_uses")));
        Assert.Equal(9, Number((await otp.RunAsync("otp create", """{"max_uses":9,"ttl":"90d"}""")).Body!.Value, "max_uses"));
    }

    [Fact]
    public async Task The_list_holds_the_active_tokens_and_no_secret()
    {
        await using var otp = await Otp.StartAsync();
        var (multi, text) = await otp.CreateAsync("""{"max_uses":3,"entity_id":"d1"}""");
        await (await otp.CredentialAsync(text)).HoldAsync(Guid.NewGuid(), otp.Host.Time.GetUtcNow().AddHours(1), default);
        var (revoked, _) = await otp.CreateAsync();
        await otp.RunAsync("otp revoke", id: revoked);
        await otp.CreateAsync("""{"ttl":10}""");
        var (_, used) = await otp.CreateAsync();
        await (await otp.CredentialAsync(used)).HoldAsync(Guid.NewGuid(), otp.Host.Time.GetUtcNow().AddHours(1), default);
        otp.Host.Time.Advance(TimeSpan.FromSeconds(10));

        var answer = await otp.RunAsync("otp list");
        Assert.Equal(200, answer.Status);
        var only = Assert.Single(answer.Body!.Value.EnumerateArray());
        Assert.Equal(Listed, only.EnumerateObject().Select(member => member.Name));
        Assert.Equal(multi, Text(only, "id"));
        Assert.Equal((3, 2, 1), (Number(only, "max_uses"), Number(only, "remaining_uses"), Number(only, "usage_count")));
    }

    [Fact]
    public async Task Revoking_is_204_once_and_404_for_what_is_unknown_expired_or_revoked()
    {
        await using var otp = await Otp.StartAsync();
        var (id, _) = await otp.CreateAsync();
        Assert.Equal(204, (await otp.RunAsync("otp revoke", id: id)).Status);
        Assert.Equal("otp.revoked", otp.Host.Audit.Last().Name);
        Assert.Equal(404, (await otp.RunAsync("otp revoke", id: id)).Status);
        Assert.Equal(404, (await otp.RunAsync("otp revoke", id: Guid.NewGuid().ToString())).Status);
        Assert.Equal(404, (await otp.RunAsync("otp revoke", id: "../etc/passwd")).Status);
        Assert.Equal(404, (await otp.RunAsync("otp revoke")).Status);
        var (expired, _) = await otp.CreateAsync("""{"ttl":1}""");
        otp.Host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(404, (await otp.RunAsync("otp revoke", id: expired)).Status);
        Assert.Single(otp.Host.Audit, record => record.Name == "otp.revoked");
    }

    [Fact]
    public async Task The_secret_is_in_no_log_line_no_audit_record_and_no_stored_value()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { MaxFailures = 2 });
        var (_, text) = await otp.CreateAsync("""{"entity_id":"d1"}""");
        var wrong = Otp.Wrong(text);
        await otp.TryAsync(text, "d1");
        await otp.TryAsync(wrong, "d1");
        await otp.TryAsync(wrong, "d1");
        await otp.TryAsync(text, "d1");
        await otp.RawAsync("Basic", $"!{text}");
        var everything = string.Join('\n', otp.Host.Log.Lines)
            + string.Join('\n', otp.Host.Audit.SelectMany(record => record.Fields.Values.Append($"{record.Actor}")));
        await foreach (var value in otp.Host.Memory.ListAsync("", default))
        {
            everything += value.Key + System.Text.Encoding.Latin1.GetString(value.Value.Span);
        }
        Assert.Contains(text[..12], everything, StringComparison.Ordinal);
        Assert.DoesNotContain(text[12..], everything, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong[12..], everything, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Number(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
