using System.Security.Cryptography.X509Certificates;
using Kipuka.Catalog;
using Kipuka.Enroll;
using Kipuka.Sdk.Ca;
using Kipuka.Store;
using Kipuka.Tests.Ca;
using Kipuka.Tests.Ha;
using Kipuka.Tests.Store;

namespace Kipuka.Tests.Enroll;

/// <summary>Ruling 50: the ledger is marked first, then the CA told, retried until it agrees.</summary>
public sealed class RevocationNotifierTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime time = new();
    private readonly ToldAuthority told = new();

    [Fact]
    public async Task A_CA_is_told_once_and_the_journal_and_the_details_say_so()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await using var generations = await Notices.ServeAsync(time, await told.GuardAsync(time));
        var (revocations, notifier) = Notices.Revocations(store, generations, time);
        await using var ending = notifier;
        var certificate = await RevokeAsync(store, revocations, "0a");
        await told.UntilAsync(1);
        await EventsAsync(store, "revocation.told", 1);
        Assert.Equal([("0a", X509RevocationReason.KeyCompromise)], told.Told);
        var state = await StateAsync(store, certificate);
        Assert.Equal((store.Clock.Now, 1, null), (state.Told, state.Attempts, state.Failure));

        time.Advance(TimeSpan.FromHours(1));
        await RevokeAsync(store, revocations, "0b");
        await told.UntilAsync(2);
        Assert.Equal(["0a", "0b"], told.Told.Select(one => one.Serial));
    }

    [Fact]
    public async Task A_CA_that_is_away_is_told_again_after_pauses_that_grow_until_it_agrees()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await using var generations = await Notices.ServeAsync(time, await told.GuardAsync(time));
        told.Call = _ => throw new AuthorityUnavailableException("it is away", mayHaveIssued: false);
        var (revocations, notifier) = Notices.Revocations(store, generations, time);
        await using var ending = notifier;
        var certificate = await RevokeAsync(store, revocations, "0a");
        List<TimeSpan> pauses = [];
        for (var attempt = 1; attempt <= 10; attempt++)
        {
            await told.UntilAsync(attempt);
            await UntilAsync(async () => (await StateAsync(store, certificate)).Attempts == attempt);
            var state = await StateAsync(store, certificate);
            Assert.Contains("it is away", state.Failure, StringComparison.Ordinal);
            pauses.Add(state.Due - store.Clock.Now);
            store.Clock.Now = state.Due;
            time.Advance(TimeSpan.FromSeconds(5));
        }
        Assert.Equal([2, 4, 8, 16, 32, 64, 128, 256, 512, 900], pauses.Select(pause => pause.TotalSeconds));
        Assert.Equal(1, await CountAsync(store, "revocation.failed"));

        await told.UntilAsync(11);
        await UntilAsync(async () => (await StateAsync(store, certificate)).Attempts == 11);
        told.Call = _ => default;
        store.Clock.Now = (await StateAsync(store, certificate)).Due;
        time.Advance(TimeSpan.FromSeconds(5));
        await EventsAsync(store, "revocation.told", 1);
        Assert.Equal((12, null), ((await StateAsync(store, certificate)).Attempts, (await StateAsync(store, certificate)).Failure));
    }

    [Fact]
    public async Task Two_nodes_never_tell_a_CA_of_one_certificate_at_once()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await using var generations = await Notices.ServeAsync(time, await told.GuardAsync(time));
        var hold = new TaskCompletionSource();
        told.Call = async cancel => await hold.Task.WaitAsync(cancel);
        // Beside each other on one database; what tells them apart is the lease alone.
        var (revocations, one) = Notices.Revocations(store, generations, time);
        var (_, other) = Notices.Revocations(store, generations, time);
        await using var ending = one;
        await using var otherEnding = other;
        await RevokeAsync(store, revocations, "0a");
        await told.UntilAsync(1);
        for (var look = 0; look < 5; look++)
        {
            other.Wake();
            time.Advance(TimeSpan.FromSeconds(5));
        }
        await RevokeAsync(store, revocations, "0b");
        other.Wake();
        await told.UntilAsync(2);
        Assert.Equal(["0a", "0b"], told.Told.Select(call => call.Serial).Order());
        hold.SetResult();
        await EventsAsync(store, "revocation.told", 2);
        Assert.Equal(2, told.Told.Count);
    }

    [Fact]
    public async Task A_CA_that_hangs_is_given_up_at_its_timeout_and_holds_up_no_other()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        var quick = new ToldAuthority();
        await using var generations = await Notices.ServeAsync(
            time, await told.GuardAsync(time, timeout: TimeSpan.FromSeconds(20)), await quick.GuardAsync(time, id: "ca-2"));
        told.Call = _ => new ValueTask(new TaskCompletionSource().Task);
        var (revocations, notifier) = Notices.Revocations(store, generations, time);
        await using var ending = notifier;
        var certificate = await RevokeAsync(store, revocations, "0a");
        await told.UntilAsync(1);
        await RevokeAsync(store, revocations, "0b", "ca-2");
        await quick.UntilAsync(1);
        await EventsAsync(store, "revocation.told", 1);

        time.Advance(TimeSpan.FromSeconds(60));
        await UntilAsync(async () => (await StateAsync(store, certificate)).Attempts == 1);
        Assert.Contains("20", (await StateAsync(store, certificate)).Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_CA_without_the_capability_leaves_nothing_to_be_told()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await using var generations = await Notices.ServeAsync(time, await new ScriptedAuthority().GuardAsync(time, "ca-1"));
        var (revocations, notifier) = Notices.Revocations(store, generations, time);
        await using var ending = notifier;
        var certificate = await RevokeAsync(store, revocations, "0a");
        Assert.Null(await new RevocationNotices(store.Database, store.Journal).StateAsync(certificate.Sha256, default));
    }

    [Fact]
    public async Task What_was_broken_off_by_the_stop_is_taken_up_at_once_by_the_next_start()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync();
        await using var generations = await Notices.ServeAsync(time, await told.GuardAsync(time));
        told.Call = cancel => new ValueTask(Task.Delay(Timeout.Infinite, cancel));
        var (revocations, notifier) = Notices.Revocations(store, generations, time);
        await RevokeAsync(store, revocations, "0a");
        await told.UntilAsync(1);
        await notifier.DisposeAsync();

        told.Call = _ => default;
        var (_, next) = Notices.Revocations(store, generations, time);
        await using var ending = next;
        await told.UntilAsync(2);
        await EventsAsync(store, "revocation.told", 1);
    }

    private static async Task<IssuedCertificate> RevokeAsync(StoreFixture store, Revocations revocations, string serial, string authority = "ca-1")
    {
        var certificate = await IssueAsync(store, serial, authority);
        var record = (await store.Ledger.FindCertificateAsync(certificate.Sha256, default))!;
        Assert.Equal(RevokeOutcome.Revoked, (await revocations.RevokeAsync(record, X509RevocationReason.KeyCompromise, null, null)).Outcome);
        return certificate;
    }

    private static async Task<IssuedCertificate> IssueAsync(StoreFixture store, string serial, string authority)
    {
        LedgerEntry entry = store.Entry(serial) with { Authority = authority };
        IssuedCertificate certificate = store.Certificate(serial);
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
        await store.Ledger.CloseAsync(entry.Transaction, certificate, [], [], default);
        return certificate;
    }

    private static async Task<NoticeState> StateAsync(StoreFixture store, IssuedCertificate certificate)
        => (await new RevocationNotices(store.Database, store.Journal).StateAsync(certificate.Sha256, default))!;

    private static async Task<long> CountAsync(StoreFixture store, string name)
        => (await store.Journal.ListAsync(new AuditFilter { Events = [name] }, 1, 1, default)).Total;

    private static async Task EventsAsync(StoreFixture store, string name, int count)
    {
        await UntilAsync(async () => await CountAsync(store, name) >= count);
        Assert.Equal(count, await CountAsync(store, name));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds())
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>A CA that is told of revocations.</summary>
    private sealed class ToldAuthority : ICertificateAuthority, IRevocation
    {
        private readonly ScriptedAuthority _inner = new();
        private readonly Lock _gate = new();
        private readonly List<(string Serial, X509RevocationReason Reason)> _told = [];

        public Func<CancellationToken, ValueTask> Call { get; set; } = _ => default;

        public List<(string Serial, X509RevocationReason Reason)> Told
        {
            get
            {
                lock (_gate)
                {
                    return [.. _told];
                }
            }
        }

        public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel) => _inner.GetCertificatesAsync(cancel);

        public ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel) => _inner.IssueAsync(draft, cancel);

        public ValueTask RevokeAsync(ReadOnlyMemory<byte> serial, X509RevocationReason reason, CancellationToken cancel)
        {
            lock (_gate)
            {
                _told.Add((Convert.ToHexStringLower(serial.Span), reason));
            }
            return Call(cancel);
        }

        public ValueTask DisposeAsync() => default;

        public async Task<Kipuka.Ca.GuardedAuthority> GuardAsync(TimeProvider clock, string id = "ca-1", TimeSpan? timeout = null)
        {
            var authority = new Kipuka.Ca.GuardedAuthority(
                new Kipuka.Config.CaConfig { Id = id, Timeout = timeout ?? TimeSpan.FromMinutes(10) }, "told", this, clock);
            await authority.ConnectAsync(default);
            return authority;
        }

        public Task UntilAsync(int calls) => RevocationNotifierTests.UntilAsync(() => Task.FromResult(Told.Count >= calls));
    }
}
