using System.Security.Cryptography;
using Kipuka.Sdk.Audit;
using Kipuka.Store;
using Kipuka.Testing;

namespace Kipuka.Tests.Store;

/// <summary>Two nodes on one database server: what is due is done by one of them, and recorded once.</summary>
public abstract class NodesSuite(ServerEngine engine) : StoreSuite(engine)
{
    private const int Due = 20;
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task An_expiry_is_recorded_once_however_many_nodes_look_for_it()
    {
        await using StoreFixture store = await OpenAsync();
        await using StoreFixture other = await store.OpenNodeAsync("node-2");
        List<string> serials = [.. Enumerable.Range(16, Due).Select(number => number.ToString("x2"))];
        foreach (string serial in serials)
        {
            await store.IssueAsync(serial, days: 1);
        }

        Expiries[] nodes = [new(store.Database, store.Journal), new(other.Database, other.Journal)];
        Assert.Equal(0, (await Task.WhenAll(nodes.Select(NoteAsync))).Sum());
        store.Clock.Now = other.Clock.Now = store.Clock.Now.AddDays(2);
        // One at a time, so that in every round both reach for the same.
        int noted = 0;
        for (int round = 0; round < Due; round++)
        {
            noted += (await Task.WhenAll(nodes.Select(NoteAsync))).Sum();
        }

        for (int more = 1; more > 0; noted += more)
        {
            more = await NoteAsync(nodes[0]);
        }

        AuditPage page = await store.Journal.ListAsync(new AuditFilter { Events = ["cert.expired"] }, 1, 1000, default);
        Assert.Equal(serials, page.Events.Select(record => record.Serial!).Order(StringComparer.Ordinal));
        Assert.Equal(Due, noted);
        Assert.True((await store.VerdictAsync()).Intact);

        static Task<int> NoteAsync(Expiries node) =>
            node.NoteAsync(1, certificate => StoreFixture.Event("cert.expired") with { Serial = certificate.Certificate.SerialHex }, default);
    }

    [Fact]
    public async Task A_due_revocation_is_done_by_one_node_and_recorded_once_also_where_a_lease_ended_too_early()
    {
        await using StoreFixture store = await OpenAsync();
        await using StoreFixture other = await store.OpenNodeAsync("node-2");
        for (int number = 16; number < 16 + Due; number++)
        {
            IssuedCertificate old = await store.IssueAsync($"0{number:x2}");
            LedgerEntry entry = store.Entry($"renewal {number}") with { Supersedes = new Supersession(old.Sha256, TimeSpan.Zero) };
            await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], default);
            await store.Ledger.CloseAsync(entry.Transaction, store.Certificate($"1{number:x2}"), [], [], default);
            await store.Database.WriteAsync(batch => TransactionRows.Deliver(batch.Session, entry.Transaction, store.Clock.Now), default);
        }

        (StoreFixture Node, DueRevocations Due)[] nodes = [(store, new(store.Database)), (other, new(other.Database))];
        IReadOnlyList<DueRevocation>[] first = await Task.WhenAll(nodes.Select(node => node.Due.TakeAsync(Due, Lease, default)));
        Assert.Equal(Due, first.Sum(taken => taken.Count));
        Assert.Equal(Due, first.SelectMany(taken => taken).Select(one => one.Transaction).Distinct().Count());
        // Whoever had them is slow: another takes them all, and both go on.
        store.Clock.Now = other.Clock.Now = store.Clock.Now + Lease;
        IReadOnlyList<DueRevocation> late = await nodes[0].Due.TakeAsync(Due, Lease, default);
        Assert.Equal(Due, late.Count);
        RevokeOutcome[] outcomes = await Task.WhenAll(nodes.SelectMany(node => late.Select(one => node.Node.Ledger.RevokeAsync(
            one.Sha256, 4, store.Clock.Now, [StoreFixture.Event("cert.revoked")], default))));
        await Task.WhenAll(nodes.SelectMany(node => late.Select(one => node.Due.DoneAsync(one.Transaction, default))));

        Assert.Equal(Due, outcomes.Count(outcome => outcome == RevokeOutcome.Revoked));
        Assert.Equal(Due, outcomes.Count(outcome => outcome == RevokeOutcome.AlreadyRevoked));
        Assert.Equal(Due, (await store.Journal.ListAsync(new AuditFilter { Events = ["cert.revoked"] }, 1, 1, default)).Total);
        store.Clock.Now += Lease;
        Assert.Empty(await nodes[0].Due.TakeAsync(Due, Lease, default));
    }

    [Fact]
    public async Task Of_many_nodes_one_has_a_notice_until_its_lease_ends()
    {
        await using StoreFixture store = await OpenAsync();
        await using StoreFixture other = await store.OpenNodeAsync("node-2");
        RevocationNotices[] nodes = [new(store.Database, store.Journal), new(other.Database, other.Journal)];
        for (int number = 16; number < 36; number++)
        {
            await store.Ledger.RevokeAsync((await store.IssueAsync($"0{number:x2}")).Sha256, 1, store.Clock.Now, [], default, tell: true);
        }

        List<RevocationNotice>[] taken = await Task.WhenAll(nodes.Select(node => Task.Run(async () =>
        {
            List<RevocationNotice> mine = [];
            while (await node.TakeAsync("ca-1", Lease, default) is { } notice)
            {
                mine.Add(notice);
            }

            return mine;
        })));
        Assert.Equal(20, taken.Sum(mine => mine.Count));
        Assert.Equal(20, taken.SelectMany(mine => mine).Select(notice => notice.Id).Distinct().Count());
        // What a node gives back is its own.
        await nodes[0].FreeAsync(default);
        Assert.Equal(taken[0].Count > 0, await nodes[1].TakeAsync("ca-1", Lease, default) is not null);
        store.Clock.Now = other.Clock.Now = store.Clock.Now + Lease;
        Assert.NotNull(await nodes[1].TakeAsync("ca-1", Lease, default));
    }

    [Fact]
    public async Task A_chain_that_is_anchored_while_it_is_verified_is_intact()
    {
        await using StoreFixture store = await OpenAsync();
        await using StoreFixture other = await store.OpenNodeAsync("node-2");
        await store.Journal.AppendAsync([StoreFixture.Event("a")], default);
        await AnchorAsync();
        int checks = 0;
        // The first look is at the anchor in the table, before the records are read.
        JournalVerdict verdict = await other.Journal.VerifyAsync((_, _, _) => ++checks == 1 ? Wait(AnchorAsync) : null, null, null, default);
        Assert.Null(verdict.Fault?.Reason);
        Assert.Equal((3, 3), (verdict.Records, checks));

        Task AnchorAsync() => store.Journal.AnchorAsync(
            "key", _ => [1], made => StoreFixture.Event(AuditAnchor.EventName) with { Fields = made.Fields }, default);

        static string? Wait(Func<Task> work)
        {
            Task.Run(work).GetAwaiter().GetResult();
            return null;
        }
    }

    [Fact]
    public async Task Of_two_nodes_that_archive_one_chain_one_is_refused()
    {
        await using StoreFixture store = await OpenAsync();
        await using StoreFixture other = await store.OpenNodeAsync("node-2");
        Assert.Empty(await other.Journal.GoneAsync(default));
        await store.Journal.AppendAsync([StoreFixture.Event("a"), StoreFixture.Event("b")], default);
        Assert.Empty(await other.Journal.GoneAsync(default));
        await store.ReopenAsync(store.Options with { Node = "node-3" });
        Assert.Equal(["node-1"], await other.Journal.GoneAsync(default));

        Assert.Equal(1, await other.Journal.LastToLeaveAsync("node-1", store.Clock.Now.AddDays(1), default));
        AuditEvent leaves = (await store.Journal.ReadAsync("node-1", 0, 1, default)).Single();
        AuditArchive archive = new(
            "node-1", 1, 1, 1, leaves.PreviousHash, leaves.Hash, store.Journal.Now(), "file", new byte[32], "key", RandomNumberGenerator.GetBytes(64));
        Exception?[] faults = await Task.WhenAll(new[] { store, other }.Select(node => Record.ExceptionAsync(
            () => node.Journal.RemoveArchivedAsync(archive, StoreFixture.Event(AuditArchive.EventName), default))));
        Assert.Contains("somebody else is archiving", Assert.IsType<InvalidOperationException>(Assert.Single(faults, fault => fault is not null)).Message);
        Assert.Equal(2, (await store.Journal.ReadAsync("node-1", 0, 10, default)).Single().Sequence);
        Assert.Equal((2, true), await store.VerdictAsync());
    }

    [Fact]
    public async Task A_process_whose_name_was_taken_commits_nothing_under_it()
    {
        await using StoreFixture store = await OpenAsync();
        await store.Journal.AppendAsync([StoreFixture.Event("mine")], default);
        // What another process does where the locks of a session are not known to all, as between the members of a cluster.
        store.Run("UPDATE commit_marks SET holder = mark WHERE node = 'node-1'");
        DatabaseException refused = await Assert.ThrowsAsync<DatabaseException>(() => store.Journal.AppendAsync([StoreFixture.Event("lost")], default));
        Assert.Contains("'node-1' of this node was taken by another process", refused.Message, StringComparison.Ordinal);
        Assert.Equal((1, true), await store.VerdictAsync());
        // The locks say that nobody has the name any more.
        await store.Journal.AppendAsync([StoreFixture.Event("mine again")], default);
        Assert.Equal((2, true), await store.VerdictAsync());
    }

    [Fact]
    public async Task A_commit_whose_answer_was_lost_is_found_and_not_done_again()
    {
        await using StoreFixture store = await OpenAsync();
        await using AnswerCutter cutter = new(engine.Host);
        await using Database cut = await store.OpenDatabaseAsync(store.Options with
        {
            Node = "cut",
            Server = store.Options.Server! with { Port = cutter.Port, Tls = DatabaseTls.Disable },
        });
        Journal journal = new(cut);
        int runs = 0;
        for (int round = 1; round <= 3; round++)
        {
            cutter.Arm();
            await cut.WriteAsync(
                batch =>
                {
                    runs++;
                    return journal.Append(batch, [StoreFixture.Event("once")]);
                },
                default);
            Assert.Equal((round, round), (cutter.Cuts, runs));
            Assert.Equal((round, true), await store.VerdictAsync());
        }
    }
}
