using System.IO;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>A change of a token and the record of it are one: a server killed in between has done neither.</summary>
public sealed class RecordTests
{
    private static readonly IOException Killed = new("killed");

    [Fact]
    public async Task An_expiry_whose_record_was_lost_is_recorded_the_next_time()
    {
        await using var otp = await Otp.StartAsync();
        var (id, text) = await otp.CreateAsync("""{"ttl":1}""");
        otp.Host.Time.Advance(TimeSpan.FromSeconds(2));
        otp.Host.AuditFault = Killed;
        await Assert.ThrowsAsync<IOException>(async () => await otp.TryAsync(text));

        otp.Host.AuditFault = null;
        Otp.Unauthenticated(await otp.TryAsync(text));
        Otp.Unauthenticated(await otp.TryAsync(text));
        Assert.Equal(id, Assert.Single(otp.Host.Audit, record => record.Name == "otp.expired").Fields["token_id"]);
    }

    [Fact]
    public async Task A_password_whose_record_was_lost_was_not_created()
    {
        await using var otp = await Otp.StartAsync();
        otp.Host.AuditFault = Killed;
        await Assert.ThrowsAsync<IOException>(async () => await otp.CreateAsync());
        otp.Host.AuditFault = null;
        Assert.Equal(0, (await otp.RunAsync("otp list")).Body!.Value.GetArrayLength());

        await otp.CreateAsync();
        Assert.Equal(1, (await otp.RunAsync("otp list")).Body!.Value.GetArrayLength());
        Assert.Single(otp.Host.Audit, record => record.Name == "otp.created");
    }

    [Fact]
    public async Task A_password_whose_revocation_was_not_recorded_can_be_revoked_again()
    {
        await using var otp = await Otp.StartAsync();
        var (id, _) = await otp.CreateAsync();
        otp.Host.AuditFault = Killed;
        await Assert.ThrowsAsync<IOException>(async () => await otp.RunAsync("otp revoke", id: id));

        otp.Host.AuditFault = null;
        Assert.Equal(204, (await otp.RunAsync("otp revoke", id: id)).Status);
        Assert.Equal(404, (await otp.RunAsync("otp revoke", id: id)).Status);
        Assert.Single(otp.Host.Audit, record => record.Name == "otp.revoked");
    }

    [Fact]
    public async Task A_lockout_whose_record_was_lost_begins_with_the_next_failure_and_is_recorded()
    {
        await using var otp = await Otp.StartAsync(Otp.Settings with { MaxFailures = 2 });
        var (_, text) = await otp.CreateAsync();
        Otp.Unauthenticated(await otp.TryAsync(Otp.Wrong(text)));
        otp.Host.AuditFault = Killed;
        await Assert.ThrowsAsync<IOException>(async () => await otp.TryAsync(Otp.Wrong(text)));

        otp.Host.AuditFault = null;
        Otp.Unauthenticated(await otp.TryAsync(Otp.Wrong(text)));
        Otp.LockedOut(await otp.TryAsync(text));
        Assert.Single(otp.Host.Audit, record => record.Name == "auth.otp.lockout");
    }
}
