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

    [Fact]
    public async Task Requests_that_wait_are_listed_in_pages_and_leave_with_the_decision()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddRequests(store);
        PendingRequests requests = new(store.Database, store.Journal);
        List<PendingRequest> found = await WalkAsync(requests, 700);
        Assert.Equal(Enumerable.Range(0, ManyRows.Count).Where(i => i % 2 == 0).Reverse().Select(i => $"{i}"), found.Select(request => request.Subject));

        Assert.True(await requests.DecideAsync(found[9000].Id, Decision.Approved, "somebody", null, [], default));
        Assert.Equal(found.Select(request => request.Id).Where((_, i) => i != 9000), (await WalkAsync(requests, 1000)).Select(request => request.Id));
        store.Clock.Now = found[5000].Expires;
        store.Clock.Passed += TimeSpan.FromMinutes(2);
        Assert.Equal(5000, (await requests.ListOpenAsync(1, 1, default)).Total);
    }

    [Fact]
    public async Task What_takes_long_is_answered_in_parts_and_comes_to_an_end_however_seldom_one_asks()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        CertificateFilter active = new() { Status = CertificateStatus.Active };
        store.Clock.Step = TimeSpan.FromMilliseconds(300);
        CertificatePage page = await store.Ledger.ListAsync(active, 1, 10, default);
        long total = 0;
        int parts = 1;
        for (; !page.IsComplete; page = await store.Ledger.ListAsync(active, 1, 10, default))
        {
            Assert.Equal(10, page.Certificates.Count);
            Assert.InRange(page.Total, total, ManyRows.Count - 1);
            Assert.InRange(++parts, 2, 10);
            // By then what was counted first is old.
            (total, store.Clock.Passed) = (page.Total, store.Clock.Passed + TimeSpan.FromMinutes(2));
        }

        Assert.InRange(parts, 2, 10);
        Assert.Equal(ManyRows.Count, page.Total);
    }

    [Fact]
    public async Task A_page_that_is_not_full_is_searched_for_longer_but_not_for_ever()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        CertificateFilter special = new() { Subject = "special" };
        store.Clock.Step = TimeSpan.FromMilliseconds(300);
        Assert.False((await store.Ledger.ListAsync(special, 1, 1, default)).IsComplete);
        Assert.Equal((true, 20), await store.Ledger.ListAsync(special, 1, 50, default) is var found ? (found.IsComplete, found.Certificates.Count) : default);

        CertificateFilter others = new() { Subject = "SPECIAL", Label = "iot" };
        store.Clock.Step = TimeSpan.FromSeconds(8);
        CertificatePage page = await store.Ledger.ListAsync(others, 1, 50, default);
        Assert.False(page.IsComplete);
        Assert.InRange(page.Certificates.Count, 1, 19);
        for (int i = 0; i < 10 && !page.IsComplete; i++)
        {
            page = await store.Ledger.ListAsync(others, 1, 50, default);
        }

        Assert.Equal((true, 20), (page.IsComplete, page.Certificates.Count));
    }

    [Fact]
    public async Task The_records_of_a_serial_number_are_found_without_the_others()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddTheRest(store);
        store.Clock.Step = TimeSpan.FromSeconds(60);
        AuditPage page = await store.Journal.ListAsync(new AuditFilter { Serial = "4998" }, 1, 3, default);
        Assert.Equal((4, true), (page.Total, page.IsComplete));
        Assert.Equal([19999, 14999, 9999], page.Events.Select(record => record.Sequence));
    }

    [Fact]
    public async Task Figures_are_counted_in_parts_and_follow_what_ends_and_what_is_revoked()
    {
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        store.Clock.Now = new DateTimeOffset(2026, 6, 24, 23, 0, 0, TimeSpan.Zero);
        store.Clock.Step = TimeSpan.FromMilliseconds(300);
        Assert.False((await store.Ledger.FiguresAsync(default)).IsComplete);
        store.Clock.Step = default;
        Assert.Equal(Of(18_000, 18_000, 18_000), await FiguresAsync("ca-1"));
        Assert.Equal(2000, (await FiguresAsync("ca-2")).IssuedTotal);
        Assert.Equal(AuthorityFigures.None, await FiguresAsync("ca-3"));

        await store.Ledger.RevokeAsync("11", "ca-1", 1, store.Clock.Now, [], default);
        Assert.Equal(Of(18_000, 18_000, 17_999), await FiguresAsync("ca-1"));
        store.Clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(Of(0, 18_000, 17_999), await FiguresAsync("ca-1"));
        // A second apart, each lives for 90 days; it is active at its end still.
        store.Clock.Now = new DateTimeOffset(2026, 6, 24, 0, 0, 9, TimeSpan.Zero).AddDays(90);
        Assert.Equal(Of(0, 18_000, 17_991), await FiguresAsync("ca-1"));
        store.Clock.Now += TimeSpan.FromTicks(10);
        Assert.Equal(Of(0, 18_000, 17_990), await FiguresAsync("ca-1"));
        store.Clock.Now += TimeSpan.FromSeconds(10);
        Assert.Equal(Of(0, 18_000, 17_982), await FiguresAsync("ca-1"));

        async Task<AuthorityFigures> FiguresAsync(string authority) => (await store.Ledger.FiguresAsync(default)).Of(authority);

        static AuthorityFigures Of(long today, long total, long active) =>
            new(today, total, active, new DateTimeOffset(2026, 6, 24, 0, 0, 0, TimeSpan.Zero).AddSeconds(ManyRows.Count - 1));
    }

    private static async Task<List<PendingRequest>> WalkAsync(PendingRequests requests, int perPage)
    {
        List<PendingRequest> found = [];
        for (int page = 1; ; page++)
        {
            Listed<PendingRequest> listed = await requests.ListOpenAsync(page, perPage, default);
            found.AddRange(listed.Rows);
            if (listed.Rows.Count < perPage)
            {
                Assert.Equal((true, (long)found.Count), (listed.IsComplete, listed.Total));
                return found;
            }
        }
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
