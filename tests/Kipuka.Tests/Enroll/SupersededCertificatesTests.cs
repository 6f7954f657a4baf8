using System.Security.Cryptography;
using Kipuka.Enroll;
using Kipuka.Store;
using Kipuka.Tests.Ha;
using Kipuka.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Enroll;

/// <summary><c>revoke_previous</c>: only the renewed certificate, only once, also after a restart and with several nodes.</summary>
public sealed class SupersededCertificatesTests
{
    [Fact]
    public async Task A_renewed_certificate_is_revoked_as_superseded_when_its_time_has_come()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        var old = await store.IssueAsync("0a");
        var other = await store.IssueAsync("0b");
        await RenewAsync(store, old, TimeSpan.FromDays(7));
        await RunAsync(store);
        Assert.Null((await FindAsync(store, old)).Revoked);
        store.Clock.Now = store.Clock.Now.AddDays(7);
        await RunAsync(store);
        var revoked = await FindAsync(store, old);
        Assert.Equal((store.Clock.Now, 4), (revoked.Revoked, revoked.Reason));
        Assert.Null((await FindAsync(store, other)).Revoked);
    }

    [Fact]
    public async Task Two_nodes_and_two_renewals_revoke_it_once()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        var old = await store.IssueAsync("0a");
        await RenewAsync(store, old, TimeSpan.Zero, "one");
        await RenewAsync(store, old, TimeSpan.Zero, "two");
        var before = (await store.Journal.VerifyAsync(null, null, null, default)).Records;
        await Task.WhenAll(RunAsync(store), RunAsync(store));
        Assert.NotNull((await FindAsync(store, old)).Revoked);
        Assert.Equal(before + 1, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
        store.Clock.Now = store.Clock.Now.AddHours(1);
        Assert.Empty(await new DueRevocations(store.Database).TakeAsync(10, TimeSpan.FromMinutes(1), default));
    }

    [Fact]
    public async Task What_an_operator_revoked_before_keeps_its_reason()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        var old = await store.IssueAsync("0a");
        await RenewAsync(store, old, TimeSpan.FromDays(7));
        await store.Ledger.RevokeAsync(old.Sha256, 1, store.Clock.Now, [], default);
        store.Clock.Now = store.Clock.Now.AddDays(7);
        await RunAsync(store);
        Assert.Equal(1, (await FindAsync(store, old)).Reason);
    }

    [Fact]
    public async Task A_timer_finds_what_a_restart_left()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        var old = await store.IssueAsync("0a");
        await RenewAsync(store, old, TimeSpan.Zero);
        var time = new ManualTime();
        await using (Worker(store, time))
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.NotNull((await FindAsync(store, old)).Revoked);
    }

    private static async Task RunAsync(StoreFixture store)
    {
        // What it was woken for it finishes before it ends.
        await using var worker = Worker(store, new ManualTime());
        worker.Wake();
    }

    private static SupersededCertificates Worker(StoreFixture store, TimeProvider time) => new(
        new DueRevocations(store.Database), store.Ledger, Notices.Revocations(store), time, NullLogger<SupersededCertificates>.Instance);

    private static async Task RenewAsync(StoreFixture store, IssuedCertificate old, TimeSpan after, string request = "renewal")
    {
        LedgerEntry entry = store.Entry(request) with { Supersedes = new Supersession(old.Sha256, after) };
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(entry.Transaction, store.Certificate(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))), [], [], default);
        await store.Database.WriteAsync(batch => TransactionRows.Deliver(batch.Session, entry.Transaction, store.Clock.Now), default);
    }

    private static async Task<CertificateRecord> FindAsync(StoreFixture store, IssuedCertificate certificate)
        => (await store.Ledger.FindCertificateAsync(certificate.Sha256, default))!;
}
