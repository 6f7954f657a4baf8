using System.Security.Cryptography;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>What renewals leave to be done, what operators want replaced, and certificates found by their names.</summary>
public abstract class RenewalStoreSuite(StoreEngine engine) : StoreSuite(engine)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Nothing_is_due_before_the_answer_was_delivered_and_its_time_is_over()
    {
        await using StoreFixture store = await OpenAsync();
        DueRevocations due = new(store.Database);
        (LedgerEntry entry, byte[] old) = await RenewAsync(store, TimeSpan.FromDays(7));
        store.Clock.Now = store.Clock.Now.AddDays(30);
        Assert.Empty(await due.TakeAsync(10, Lease, default));

        await DeliverAsync(store, entry);
        Assert.Empty(await due.TakeAsync(10, Lease, default));
        store.Clock.Now = store.Clock.Now.AddDays(7);
        DueRevocation one = Assert.Single(await due.TakeAsync(10, Lease, default));
        Assert.Equal((entry.Transaction, Convert.ToHexString(old)), (one.Transaction, Convert.ToHexString(one.Sha256.Span)));
    }

    [Fact]
    public async Task A_second_delivery_changes_nothing_and_a_certificate_that_renews_none_leaves_nothing()
    {
        await using StoreFixture store = await OpenAsync();
        DueRevocations due = new(store.Database);
        (LedgerEntry entry, _) = await RenewAsync(store, TimeSpan.Zero);
        await DeliverAsync(store, entry);
        Assert.Single(await due.TakeAsync(10, Lease, default));
        await due.DoneAsync(entry.Transaction, default);
        await DeliverAsync(store, entry);
        Assert.Empty(await due.TakeAsync(10, Lease, default));

        LedgerEntry plain = store.Entry("plain");
        await store.Ledger.OpenAsync(plain, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(plain.Transaction, store.Certificate("0b"), [], [], default);
        await DeliverAsync(store, plain);
        Assert.Empty(await due.TakeAsync(10, Lease, default));
    }

    [Fact]
    public async Task What_one_node_took_another_gets_only_after_the_lease()
    {
        await using StoreFixture store = await OpenAsync();
        (DueRevocations one, DueRevocations other) = (new(store.Database), new(store.Database));
        (LedgerEntry entry, _) = await RenewAsync(store, TimeSpan.Zero);
        await DeliverAsync(store, entry);
        IReadOnlyList<DueRevocation>[] taken = await Task.WhenAll(one.TakeAsync(10, Lease, default), other.TakeAsync(10, Lease, default));
        Assert.Single(taken.SelectMany(list => list));
        Assert.Empty(await other.TakeAsync(10, Lease, default));
        store.Clock.Now += Lease;
        Assert.Single(await other.TakeAsync(10, Lease, default));
    }

    [Fact]
    public async Task What_is_due_survives_a_crash_and_an_open_renewal_keeps_what_it_renews()
    {
        await using StoreFixture store = await OpenAsync();
        (LedgerEntry entry, _) = await RenewAsync(store, TimeSpan.FromHours(1));
        await DeliverAsync(store, entry);
        LedgerEntry open = store.Entry("open") with { Supersedes = new Supersession(new byte[32], TimeSpan.FromDays(7)) };
        await store.Ledger.OpenAsync(open, StoreFixture.Unchecked, [], default);
        await using StoreFixture after = await store.CrashAsync();
        after.Clock.Now = after.Clock.Now.AddHours(1);
        Assert.Single(await new DueRevocations(after.Database).TakeAsync(10, Lease, default));
        Assert.Equal(TimeSpan.FromDays(7), (await after.Ledger.FindAsync(open.Key, default, default))!.Supersedes!.After);
    }

    [Fact]
    public async Task Exactly_one_certificate_is_revoked_and_once()
    {
        await using StoreFixture store = await OpenAsync();
        IssuedCertificate first = await store.IssueAsync("0a");
        await IssueAgainAsync(store, "0a");
        Assert.Equal(RevokeOutcome.Revoked, await store.Ledger.RevokeAsync(first.Sha256, 4, store.Clock.Now, [StoreFixture.Event("cert.revoked")], default));
        Assert.Equal(RevokeOutcome.AlreadyRevoked, await store.Ledger.RevokeAsync(first.Sha256, 4, store.Clock.Now, [StoreFixture.Event("cert.revoked")], default));
        Assert.Equal(RevokeOutcome.Unknown, await store.Ledger.RevokeAsync(new byte[32], 4, store.Clock.Now, [], default));
        IReadOnlyList<CertificateRecord> both = await store.Ledger.FindBySerialAsync("0a", "ca-1", default);
        Assert.Equal([true, false], both.Select(record => record.Revoked is not null));
        Assert.Equal(3, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
    }

    [Fact]
    public async Task Certificates_are_found_by_names_while_they_are_good()
    {
        await using StoreFixture store = await OpenAsync();
        byte[] names = SHA256.HashData("names"u8);
        IssuedCertificate older = await IssueNamedAsync(store, "0a", names, 90);
        IssuedCertificate newer = await IssueNamedAsync(store, "0b", names, 30);
        await IssueNamedAsync(store, "0c", SHA256.HashData("others"u8), 90);
        Assert.Equal(["0b", "0a"], await FoundAsync(store, names));
        Assert.Empty(await store.Ledger.FindNamedAsync("other", names, "CN=named", store.Clock.Now, default));
        await store.Ledger.RevokeAsync(newer.Sha256, 1, store.Clock.Now, [], default);
        Assert.Equal(["0a"], await FoundAsync(store, names));
        store.Clock.Now = older.NotAfter.AddSeconds(1);
        Assert.Empty(await FoundAsync(store, names));
    }

    [Fact]
    public async Task A_certificate_recorded_before_names_were_is_found_by_its_subject()
    {
        await using StoreFixture store = await OpenAsync();
        await store.IssueAsync("0a", "CN=named");
        Assert.Equal(["0a"], await FoundAsync(store, SHA256.HashData("names"u8)));
    }

    [Fact]
    public async Task Replacements_are_kept_until_they_are_lifted()
    {
        await using StoreFixture store = await OpenAsync();
        Replacements replacements = new(store.Database, store.Journal);
        Assert.Empty(await replacements.CurrentAsync(default));
        Replacement full = new(Guid.CreateVersion7(), store.Clock.Now, store.Clock.Now.AddDays(1), "lost key", "bearer:alice", store.Clock.Now)
        {
            Authority = "ca-1", Label = "", SerialHex = "0a", Subject = "dev", IssuedBefore = store.Clock.Now.AddHours(-1), ExplanationUrl = "https://x",
        };
        Replacement bare = new(Guid.CreateVersion7(), store.Clock.Now, store.Clock.Now.AddDays(1), "all", "bearer:bob", store.Clock.Now.AddSeconds(1));
        Assert.True(await replacements.AddAsync(full, [StoreFixture.Event("replacement.set")], default));
        Assert.True(await replacements.AddAsync(bare, [], default));
        Assert.Equal([full, bare], await replacements.CurrentAsync(default));
        await store.ReopenAsync(store.Options);
        replacements = new(store.Database, store.Journal);
        Assert.Equal([full, bare], await replacements.CurrentAsync(default));
        Assert.True(await replacements.LiftAsync(full.Id, [StoreFixture.Event("replacement.lifted")], default));
        Assert.False(await replacements.LiftAsync(full.Id, [StoreFixture.Event("replacement.lifted")], default));
        Assert.Equal([bare], await replacements.CurrentAsync(default));
        Assert.Equal(2, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
    }

    [Fact]
    public async Task Another_nodes_replacement_is_seen_a_little_later()
    {
        await using StoreFixture store = await OpenAsync();
        (Replacements here, Replacements there) = (new(store.Database, store.Journal), new(store.Database, store.Journal));
        Assert.Empty(await here.CurrentAsync(default));
        await there.AddAsync(
            new Replacement(Guid.CreateVersion7(), store.Clock.Now, store.Clock.Now.AddDays(1), "x", "y", store.Clock.Now) { Authority = "ca-1" }, [], default);
        Assert.Empty(await here.CurrentAsync(default));
        store.Clock.Now = store.Clock.Now.AddSeconds(15);
        Assert.Single(await here.CurrentAsync(default));
    }

    private static async Task<IEnumerable<string>> FoundAsync(StoreFixture store, byte[] names) =>
        (await store.Ledger.FindNamedAsync("iot", names, "CN=named", store.Clock.Now, default)).Select(record => record.Certificate.SerialHex);

    private static async Task<(LedgerEntry Entry, byte[] Old)> RenewAsync(StoreFixture store, TimeSpan after)
    {
        byte[] old = SHA256.HashData("old"u8);
        LedgerEntry entry = store.Entry("renewal") with { Supersedes = new Supersession(old, after) };
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(entry.Transaction, store.Certificate("0a"), [], [], default);
        return (entry, old);
    }

    private static async Task<IssuedCertificate> IssueNamedAsync(StoreFixture store, string serial, byte[] names, int days)
    {
        LedgerEntry entry = store.Entry(serial);
        IssuedCertificate certificate = store.Certificate(serial, "CN=named", days) with { Names = names };
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(entry.Transaction, certificate, [], [], default);
        return certificate;
    }

    private static async Task IssueAgainAsync(StoreFixture store, string serial)
    {
        LedgerEntry entry = store.Entry(serial + " again");
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(entry.Transaction, store.Certificate(serial), [StoreFixture.Event("cert.issued")], [], default);
    }

    // Durable when this completes, as it is a second later by itself.
    private static Task<bool> DeliverAsync(StoreFixture store, LedgerEntry entry) => store.Database.WriteAsync(
        batch => TransactionRows.Deliver(batch.Session, entry.Transaction, store.Clock.Now), default);
}
