using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>What CAs have to be told of revocations (ruling 50).</summary>
public abstract class NoticeSuite(StoreEngine engine) : StoreSuite(engine)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_notice_is_written_with_the_revocation_once_and_only_where_the_CA_is_to_be_told()
    {
        await using StoreFixture store = await OpenAsync();
        RevocationNotices notices = new(store.Database, store.Journal);
        IssuedCertificate told = await store.IssueAsync("0a");
        IssuedCertificate kept = await store.IssueAsync("0b");
        await store.Ledger.RevokeAsync(told.Sha256, 1, store.Clock.Now, [], default, tell: true);
        await store.Ledger.RevokeAsync(told.Sha256, 4, store.Clock.Now, [], default, tell: true);
        await store.Ledger.RevokeAsync(kept.Sha256, 1, store.Clock.Now, [], default);

        Assert.Equal(["ca-1"], await notices.AuthoritiesAsync(default));
        Assert.Equal(new NoticeState(null, store.Clock.Now, 0, null), await notices.StateAsync(told.Sha256, default));
        Assert.Null(await notices.StateAsync(kept.Sha256, default));
        RevocationNotice notice = (await notices.TakeAsync("ca-1", Lease, default))!;
        Assert.Equal(Convert.ToHexString(told.Sha256.Span), Convert.ToHexString(notice.Sha256.Span));
        Assert.Null(await notices.TakeAsync("ca-1", Lease, default));
        Assert.Null(await notices.TakeAsync("ca-2", Lease, default));
    }

    [Fact]
    public async Task A_serial_number_that_is_revoked_leaves_a_notice_for_what_was_not_revoked_before()
    {
        await using StoreFixture store = await OpenAsync();
        RevocationNotices notices = new(store.Database, store.Journal);
        IssuedCertificate one = await store.IssueAsync("0a");
        await store.Ledger.RevokeAsync("0a", "ca-1", 1, store.Clock.Now, [], default, tell: true);
        await store.Ledger.RevokeAsync("0a", "ca-1", 1, store.Clock.Now, [], default, tell: true);
        Assert.Equal(new NoticeState(null, store.Clock.Now, 0, null), await notices.StateAsync(one.Sha256, default));
        Assert.NotNull(await notices.TakeAsync("ca-1", Lease, default));
        Assert.Null(await notices.TakeAsync("ca-1", Lease, default));
    }

    [Fact]
    public async Task What_the_CA_agreed_to_is_over_and_recorded_once()
    {
        await using StoreFixture store = await OpenAsync();
        RevocationNotices notices = new(store.Database, store.Journal);
        (IssuedCertificate certificate, RevocationNotice notice) = await TakenAsync(store, notices);
        await notices.ToldAsync(notice, StoreFixture.Event("revocation.told"), default);
        await notices.ToldAsync(notice, StoreFixture.Event("revocation.told"), default);
        await notices.FailedAsync(notice, "too late", TimeSpan.Zero, [StoreFixture.Event("revocation.failed")], default);

        Assert.Equal(new NoticeState(store.Clock.Now, store.Clock.Now, 1, null), await notices.StateAsync(certificate.Sha256, default));
        store.Clock.Now += Lease;
        Assert.Empty(await notices.AuthoritiesAsync(default));
        Assert.Equal(1, (await store.Journal.ListAsync(new AuditFilter { Events = ["revocation.*"] }, 1, 1, default)).Total);
    }

    [Fact]
    public async Task What_failed_is_due_again_after_the_pause_with_its_reason()
    {
        await using StoreFixture store = await OpenAsync();
        RevocationNotices notices = new(store.Database, store.Journal);
        (IssuedCertificate certificate, RevocationNotice notice) = await TakenAsync(store, notices);
        await notices.FailedAsync(notice, "away\0" + new string('x', 2000), TimeSpan.FromMinutes(1), [], default);
        Assert.Empty(await notices.AuthoritiesAsync(default));
        Assert.Null(await notices.TakeAsync("ca-1", Lease, default));
        NoticeState state = (await notices.StateAsync(certificate.Sha256, default))!;
        Assert.Equal((1, store.Clock.Now.AddMinutes(1)), (state.Attempts, state.Due));
        Assert.StartsWith("away\uFFFDx", state.Failure, StringComparison.Ordinal);

        store.Clock.Now = store.Clock.Now.AddMinutes(1);
        Assert.Equal(1, (await notices.TakeAsync("ca-1", Lease, default))!.Attempts);
    }

    [Fact]
    public async Task A_node_that_was_killed_takes_up_at_once_what_it_had()
    {
        await using StoreFixture store = await OpenAsync();
        await TakenAsync(store, new RevocationNotices(store.Database, store.Journal));
        await store.ReopenAsync(store.Options);
        RevocationNotices again = new(store.Database, store.Journal);
        Assert.Null(await again.TakeAsync("ca-1", Lease, default));
        await again.FreeAsync(default);
        Assert.NotNull(await again.TakeAsync("ca-1", Lease, default));
    }

    private static async Task<(IssuedCertificate Certificate, RevocationNotice Notice)> TakenAsync(StoreFixture store, RevocationNotices notices)
    {
        IssuedCertificate certificate = await store.IssueAsync("0a");
        await store.Ledger.RevokeAsync(certificate.Sha256, 1, store.Clock.Now, [], default, tell: true);
        return (certificate, (await notices.TakeAsync("ca-1", Lease, default))!);
    }
}
