using Kipuka.Store;

namespace Kipuka.Tests.Store;

public abstract class CertificateListSuite(StoreEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task A_certificate_is_found_by_hash_and_by_serial()
    {
        await using StoreFixture store = await OpenAsync();
        IssuedCertificate one = await store.IssueAsync("0a", "CN=one");
        await store.IssueAsync("0b", authority: "ca-2");
        await store.IssueAsync("0a", "CN=other CA's", label: "", authority: "ca-2");

        CertificateRecord record = (await store.Ledger.FindCertificateAsync(one.Sha256, default))!;
        Assert.Equal(one.Der.ToArray(), record.Certificate.Der.ToArray());
        Assert.Equal(one with { Der = record.Certificate.Der, Sha256 = record.Certificate.Sha256 }, record.Certificate);
        Assert.Equal(
            ("ca-1", "iot", "simpleenroll", "otp:abc", store.Clock.Now, null, null),
            (record.Authority, record.Label, record.Operation, record.Identity, record.Issued, record.Revoked, record.Reason));
        Assert.Null(await store.Ledger.FindCertificateAsync(new byte[32], default));
        Assert.Equal(2, (await store.Ledger.FindBySerialAsync("0a", null, default)).Count);
        Assert.Single(await store.Ledger.FindBySerialAsync("0a", "ca-2", default));
        Assert.Empty(await store.Ledger.FindBySerialAsync("0c", null, default));
    }

    [Fact]
    public async Task Revoking_happens_once_and_is_seen_everywhere()
    {
        await using StoreFixture store = await OpenAsync();
        IssuedCertificate one = await store.IssueAsync("0a");
        await store.IssueAsync("0a", authority: "ca-2");
        AuditRecord[] events = [StoreFixture.Event("cert.revoked")];
        DateTimeOffset at = store.Clock.Now.AddMinutes(1);
        Assert.Equal(RevokeOutcome.Revoked, await store.Ledger.RevokeAsync("0a", "ca-1", 1, at, events, default));
        Assert.Equal(RevokeOutcome.AlreadyRevoked, await store.Ledger.RevokeAsync("0a", "ca-1", 4, at, events, default));
        Assert.Equal(RevokeOutcome.Unknown, await store.Ledger.RevokeAsync("0a", "ca-3", 1, at, events, default));

        CertificateRecord record = (await store.Ledger.FindCertificateAsync(one.Sha256, default))!;
        Assert.Equal((at, 1), (record.Revoked!.Value, record.Reason!.Value));
        Assert.Null((await store.Ledger.FindBySerialAsync("0a", "ca-2", default)).Single().Revoked);
        Assert.Equal(3, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
    }

    [Fact]
    public async Task A_repeat_finds_its_certificate_revoked()
    {
        await using StoreFixture store = await OpenAsync();
        await store.IssueAsync("0a");
        await store.Ledger.RevokeAsync("0a", "ca-1", 0, store.Clock.Now, [], default);
        Assert.Equal(store.Clock.Now, (await store.Ledger.FindAsync(store.Entry("0a").Key, default, default))!.Revoked);
    }

    [Fact]
    public async Task Filters_narrow_and_pages_go_from_the_newest()
    {
        await using StoreFixture store = await OpenAsync();
        DateTimeOffset start = store.Clock.Now;
        for (int i = 0; i < 10; i++)
        {
            store.Clock.Now = start.AddDays(i);
            await store.IssueAsync($"0{i}", $"CN=Device-{i}_50%", i % 2 == 0 ? "even" : "", i < 3 ? "ca-1" : "ca-2", days: i == 0 ? 5 : 90);
        }

        await store.Ledger.RevokeAsync("01", "ca-1", 1, store.Clock.Now, [], default);
        await Lists("9876543210", new CertificateFilter());
        await Lists("98765432", new CertificateFilter { Status = CertificateStatus.Active });
        await Lists("1", new CertificateFilter { Status = CertificateStatus.Revoked });
        await Lists("0", new CertificateFilter { Status = CertificateStatus.Expired });
        await Lists("210", new CertificateFilter { Authority = "ca-1" });
        await Lists("97531", new CertificateFilter { Label = "" });
        await Lists("7", new CertificateFilter { Subject = "device-7" });
        await Lists("9876543210", new CertificateFilter { Subject = "_50%" });
        await Lists("", new CertificateFilter { Subject = "%7%" });
        await Lists("9876543210", new CertificateFilter { Issuer = "issuing" });
        await Lists("", new CertificateFilter { Issuer = "nobody" });
        await Lists("54", new CertificateFilter { IssuedAfter = start.AddDays(4), IssuedBefore = start.AddDays(6) });
        await Lists("4", new CertificateFilter { Label = "even", Authority = "ca-2", IssuedBefore = start.AddDays(6), Status = CertificateStatus.Active });

        CertificatePage page = await store.Ledger.ListAsync(new CertificateFilter(), 2, 4, default);
        Assert.Equal((2, 4, 10L), (page.Page, page.PerPage, page.Total));
        Assert.Equal("5432", Serials(page));
        Assert.Equal("10", Serials(await store.Ledger.ListAsync(new CertificateFilter(), 3, 4, default)));
        Assert.Equal("", Serials(await store.Ledger.ListAsync(new CertificateFilter(), int.MaxValue, 1000, default)));

        async Task Lists(string expected, CertificateFilter filter)
        {
            CertificatePage page = await store.Ledger.ListAsync(filter, 1, 100, default);
            Assert.Equal(expected, Serials(page));
            Assert.Equal(expected.Length, page.Total);
        }

        static string Serials(CertificatePage page) => string.Concat(page.Certificates.Select(record => record.Certificate.SerialHex[1]));
    }

    [Fact]
    public async Task Figures_count_today_all_active_and_the_last()
    {
        await using StoreFixture store = await OpenAsync();
        Assert.Equal(new AuthorityFigures(0, 0, 0, null), (await store.Ledger.FiguresAsync(default)).Of("ca-1"));
        await store.IssueAsync("01", days: 1);
        store.Clock.Now = store.Clock.Now.AddDays(2);
        await store.IssueAsync("02");
        await store.IssueAsync("03");
        await store.IssueAsync("04", authority: "ca-2");
        await store.Ledger.RevokeAsync("03", "ca-1", 1, store.Clock.Now, [], default);
        Assert.Equal(new AuthorityFigures(2, 3, 1, store.Clock.Now), (await store.Ledger.FiguresAsync(default)).Of("ca-1"));
    }
}
