using Kipuka.Sdk.Audit;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>Lists that are longer than a block.</summary>
public abstract class ListPagesSuite(StoreEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task Walking_all_pages_gives_every_row_once_whatever_narrows()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        Assert.Equal(Serials(_ => true), await WalkAsync(store, new CertificateFilter(), 1000));
        Assert.Equal(Serials(i => i % 10 == 0), await WalkAsync(store, new CertificateFilter { Authority = "ca-2" }, 777));
        Assert.Equal(Serials(i => i % 100 == 0), await WalkAsync(store, new CertificateFilter { Authority = "ca-2", Label = "rare" }, 7));
        Assert.Equal(Serials(i => i % 1000 == 7), await WalkAsync(store, new CertificateFilter { Subject = "SPECIAL", Authority = "ca-1" }, 3));
        Assert.Empty(await WalkAsync(store, new CertificateFilter { Subject = "special", Authority = "ca-2" }, 3));
        DateTimeOffset day = new(2026, 6, 24, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(
            Serials(i => i is >= 3000 and < 9000 && i % 10 != 0),
            await WalkAsync(
                store,
                new CertificateFilter { Status = CertificateStatus.Active, Authority = "ca-1", IssuedAfter = day.AddSeconds(3000), IssuedBefore = day.AddSeconds(9000) },
                1000));
    }

    [Fact]
    public async Task Rows_that_come_during_a_walk_hide_none_and_a_bound_in_time_keeps_it_still()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        CertificateFilter still = new() { IssuedBefore = store.Clock.Now };
        List<string> moving = [], fixedInTime = [];
        int page = 1;
        for (bool more = true; more; page++)
        {
            CertificatePage one = await store.Ledger.ListAsync(new CertificateFilter(), page, 1000, default);
            CertificatePage other = await store.Ledger.ListAsync(still, page, 1000, default);
            Assert.Equal(ManyRows.Count, other.Total);
            moving.AddRange(one.Certificates.Select(record => record.Certificate.SerialHex));
            fixedInTime.AddRange(other.Certificates.Select(record => record.Certificate.SerialHex));
            more = one.Certificates.Count > 0;
            await store.IssueAsync($"aa{page}");
        }

        Assert.Equal(Serials(_ => true), fixedInTime);
        Assert.Empty(Serials(_ => true).Except(moving));
    }

    [Fact]
    public async Task A_revocation_far_back_is_listed_at_once()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        CertificateFilter active = new() { Status = CertificateStatus.Active };
        CertificateFilter revoked = new() { Status = CertificateStatus.Revoked };
        Assert.Equal(ManyRows.Count, (await store.Ledger.ListAsync(active, 1, 10, default)).Total);
        Assert.Equal(0, (await store.Ledger.ListAsync(revoked, 1, 10, default)).Total);
        Assert.Equal(RevokeOutcome.Revoked, await store.Ledger.RevokeAsync("5", "ca-1", 1, store.Clock.Now, [], default));

        CertificatePage found = await store.Ledger.ListAsync(revoked, 1, 10, default);
        Assert.Equal((1L, "5"), (found.Total, Assert.Single(found.Certificates).Certificate.SerialHex));
        Assert.Equal(ManyRows.Count - 1, (await store.Ledger.ListAsync(active, 1, 10, default)).Total);
    }

    [Fact]
    public async Task Records_of_the_same_time_are_on_one_page_each()
    {
        await using StoreFixture store = await OpenAsync();
        for (int i = 0; i < 3; i++)
        {
            store.Clock.Now = store.Clock.Now.AddSeconds(1);
            await store.Journal.AppendAsync(
                [.. Enumerable.Range(0, 3000).Select(n => StoreFixture.Event(n % 3 == 0 ? "cert.issued" : "cert.denied"))], default);
        }

        Assert.Equal(Enumerable.Range(1, 9000).Reverse().Select(n => (long)n), await WalkAsync(store, new AuditFilter(), 1000));
        Assert.Equal(3000, (await WalkAsync(store, new AuditFilter { Events = ["cert.issued"] }, 700)).Distinct().Count());
    }

    private static IEnumerable<string> Serials(Func<int, bool> which) => Enumerable.Range(0, ManyRows.Count).Where(which).Reverse().Select(i => $"{i}");

    private static async Task<List<string>> WalkAsync(StoreFixture store, CertificateFilter filter, int perPage)
    {
        List<string> serials = [];
        for (int page = 1; ; page++)
        {
            CertificatePage found = await store.Ledger.ListAsync(filter, page, perPage, default);
            serials.AddRange(found.Certificates.Select(record => record.Certificate.SerialHex));
            if (found.Certificates.Count < perPage)
            {
                Assert.True(found.IsComplete);
                Assert.Equal(serials.Count, found.Total);
                return serials;
            }
        }
    }

    private static async Task<List<long>> WalkAsync(StoreFixture store, AuditFilter filter, int perPage)
    {
        List<long> sequences = [];
        for (int page = 1; ; page++)
        {
            AuditPage found = await store.Journal.ListAsync(filter, page, perPage, default);
            sequences.AddRange(found.Events.Select(record => record.Sequence));
            if (found.Events.Count < perPage)
            {
                Assert.Equal(sequences.Count, found.Total);
                return sequences;
            }
        }
    }
}
