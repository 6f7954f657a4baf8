using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

public abstract class LedgerSuite(StoreEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task An_entry_comes_back_as_it_was_opened_reassigned_closed_and_delivered()
    {
        await using StoreFixture store = await OpenAsync();
        LedgerEntry entry = store.Entry();
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [StoreFixture.Event("enroll.request")], default);
        Same(entry, await store.Ledger.FindAsync(entry.Key, store.Clock.Now, default));

        await store.Ledger.ReassignAsync(entry.Transaction, "ca-2", new byte[] { 9 }, new byte[] { 8, 8 }, default);
        entry = entry with { Authority = "ca-2", Serial = new byte[] { 9 }, Draft = new byte[] { 8, 8 } };
        Same(entry, await store.Ledger.FindAsync(entry.Key, store.Clock.Now, default));

        store.Clock.Now = store.Clock.Now.AddMinutes(1);
        IssuedCertificate certificate = store.Certificate();
        Assert.Equal(
            CloseOutcome.Closed,
            await store.Ledger.CloseAsync(entry.Transaction, certificate, [StoreFixture.Event("cert.issued")], [], default));
        entry = entry with
        {
            State = LedgerState.Issued,
            Certificate = certificate.Der,
            Closed = store.Clock.Now,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
        };
        Same(entry, await store.Ledger.FindAsync(entry.Key, entry.Opened, default));

        store.Ledger.MarkDelivered(entry.Transaction);
        // Seen at once, before anything made it durable.
        Assert.True((await store.Ledger.FindAsync(entry.Key, entry.Opened, default))!.Delivered);
        await store.ReopenAsync(store.Options);
        Same(entry with { Delivered = true }, await store.Ledger.FindAsync(entry.Key, entry.Opened, default));
        Assert.Equal(2, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
    }

    [Fact]
    public async Task A_delivery_becomes_durable_by_itself_when_nobody_writes()
    {
        await using StoreFixture store = await OpenAsync();
        await store.IssueAsync("01");
        LedgerEntry entry = (await store.Ledger.FindAsync(store.Entry("01").Key, default, default))!;
        await store.Database.WriteLater(batch => TransactionRows.Deliver(batch.Session, entry.Transaction, store.Clock.Now)).WaitAsync(TimeSpan.FromSeconds(30));
        await using StoreFixture after = await store.CrashAsync();
        Assert.True((await after.Ledger.FindAsync(entry.Key, default, default))!.Delivered);
    }

    [Fact]
    public async Task The_same_request_cannot_be_open_twice()
    {
        await using StoreFixture store = await OpenAsync();
        LedgerEntry entry = store.Entry();
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await Assert.ThrowsAsync<LedgerConflictException>(
            () => store.Ledger.OpenAsync(store.Entry(), StoreFixture.Unchecked, [StoreFixture.Event("never")], default));
        await store.Ledger.OpenAsync(store.Entry(label: "other"), StoreFixture.Unchecked, [], default);
        await store.Ledger.OpenAsync(store.Entry(identity: "otp:other"), StoreFixture.Unchecked, [], default);
        Assert.Equal(0, (await store.Journal.VerifyAsync(null, null, null, default)).Records);

        Assert.Equal(CloseOutcome.Closed, await store.Ledger.FailAsync(entry.Transaction, "refused", [], [], default));
        Assert.Equal(CloseOutcome.Closed, await store.Ledger.FailAsync(entry.Transaction, "refused", [], [], default));
        Assert.Null(await store.Ledger.FindAsync(entry.Key, default, default));
        await store.Ledger.OpenAsync(store.Entry(), StoreFixture.Unchecked, [], default);
    }

    [Fact]
    public async Task Of_two_hundred_twins_exactly_one_opens()
    {
        await using StoreFixture store = await OpenAsync();
        bool[] opened = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () =>
        {
            try
            {
                await store.Ledger.OpenAsync(store.Entry(), StoreFixture.Unchecked, [StoreFixture.Event("enroll.request")], default);
                return true;
            }
            catch (LedgerConflictException)
            {
                return false;
            }
        })));
        Assert.Single(opened, true);
        Assert.Equal((1, true), await store.VerdictAsync());
    }

    [Fact]
    public async Task Issued_entries_count_within_the_window_and_open_ones_always()
    {
        await using StoreFixture store = await OpenAsync();
        LedgerEntry first = store.Entry();
        await store.Ledger.OpenAsync(first, StoreFixture.Unchecked, [], default);
        DateTimeOffset later = store.Clock.Now.AddHours(1);
        Assert.NotNull(await store.Ledger.FindAsync(first.Key, later, default));
        await store.Ledger.CloseAsync(first.Transaction, store.Certificate("01"), [], [], default);
        Assert.Null(await store.Ledger.FindAsync(first.Key, later, default));

        store.Clock.Now = later;
        LedgerEntry second = store.Entry();
        await store.Ledger.OpenAsync(second, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(second.Transaction, store.Certificate("02"), [], [], default);
        Assert.Equal(second.Transaction, (await store.Ledger.FindAsync(first.Key, default, default))!.Transaction);
    }

    [Fact]
    public async Task Of_a_close_whose_plugin_write_conflicts_nothing_happens()
    {
        await using StoreFixture store = await OpenAsync();
        IPluginStore otp = store.Plugins.For("auth.otp");
        await otp.WriteAsync(new StoreWrite("token", new byte[] { 1 }), default);
        LedgerEntry entry = store.Entry();
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        IssuedCertificate certificate = store.Certificate();
        PluginWrite good = new("auth.otp", new StoreWrite("other", new byte[] { 5 }));
        PluginWrite stale = new("auth.otp", new StoreWrite("token", new byte[] { 2 }, IfVersion: 7));

        Assert.Equal(CloseOutcome.WriteConflict, await Close(stale));
        Assert.Equal(LedgerState.Open, (await store.Ledger.FindAsync(entry.Key, default, default))!.State);
        Assert.Null(await store.Ledger.FindCertificateAsync(certificate.Sha256, default));
        Assert.Null(await otp.GetAsync("other", default));
        Assert.Equal(0, (await store.Journal.VerifyAsync(null, null, null, default)).Records);

        Assert.Equal(CloseOutcome.Closed, await Close(stale with { Write = stale.Write with { IfVersion = 1 } }));
        Assert.Equal(2, (await otp.GetAsync("token", default))!.Version);
        Assert.NotNull(await store.Ledger.FindCertificateAsync(certificate.Sha256, default));

        // The answer to the commit got lost: the same close again is no error and writes nothing.
        Assert.Equal(CloseOutcome.Closed, await Close(stale));
        Assert.Equal(1, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => store.Ledger.CloseAsync(entry.Transaction, store.Certificate("02"), [], [], default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.Ledger.FailAsync(entry.Transaction, "x", [], [], default));

        Task<CloseOutcome> Close(PluginWrite second) =>
            store.Ledger.CloseAsync(entry.Transaction, certificate, [StoreFixture.Event("cert.issued")], [good, second], default);
    }

    [Fact]
    public async Task After_a_kill_an_open_entry_keeps_its_serial_and_an_issued_one_its_certificate()
    {
        await using StoreFixture store = await OpenAsync();
        LedgerEntry open = store.Entry("open");
        await store.Ledger.OpenAsync(open, StoreFixture.Unchecked, [], default);
        IssuedCertificate issued = await store.IssueAsync("0f");
        await using StoreFixture after = await store.CrashAsync();
        Same(open, await after.Ledger.FindAsync(open.Key, default, default));
        LedgerEntry closed = (await after.Ledger.FindAsync(store.Entry("0f").Key, default, default))!;
        Assert.Equal(issued.Der.ToArray(), closed.Certificate.ToArray());
        Assert.False(closed.Delivered);
        await after.Ledger.CloseAsync(open.Transaction, after.Certificate("10"), [], [], default);
    }

    private static void Same(LedgerEntry expected, LedgerEntry? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Key.RequestHash.ToArray(), actual.Key.RequestHash.ToArray());
        Assert.Equal(expected.Serial.ToArray(), actual.Serial.ToArray());
        Assert.Equal(expected.Draft.ToArray(), actual.Draft.ToArray());
        Assert.Equal(expected.Certificate.ToArray(), actual.Certificate.ToArray());
        Assert.Equal(expected with { Key = actual.Key, Serial = actual.Serial, Draft = actual.Draft, Certificate = actual.Certificate }, actual);
    }
}
