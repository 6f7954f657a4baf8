using Kipuka.Store;

namespace Kipuka.Tests.Store;

public abstract class DatabaseSuite(StoreEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task A_write_that_completed_is_there_after_a_kill()
    {
        await using StoreFixture store = await OpenAsync();
        for (int i = 1; i <= 20; i++)
        {
            await store.Journal.AppendAsync([StoreFixture.Event($"step.{i}")], default);
            if (i % 5 == 0)
            {
                await using StoreFixture after = await store.CrashAsync();
                Assert.Equal(i, (await after.Journal.ReadAsync("node-1", 0, 100, default)).Count);
                Assert.True((await after.Journal.VerifyAsync(null, null, null, default)).IsIntact);
            }
        }
    }

    [Fact]
    public async Task A_failing_write_leaves_its_neighbours_in_the_same_commit_alone()
    {
        await using StoreFixture store = await OpenAsync();
        using WriterHold hold = await WriterHold.OnAsync(store.Database);
        Task before = store.Journal.AppendAsync([StoreFixture.Event("before")], default);
        Task<int> failing = store.Database.WriteAsync<int>(
            batch =>
            {
                store.Journal.Append(batch, [StoreFixture.Event("never")]);
                throw new InvalidOperationException("no");
            },
            default);
        Task<int> undone = store.Database.WriteAsync(
            batch =>
            {
                store.Journal.Append(batch, [StoreFixture.Event("undone")]);
                batch.Undo = true;
                return 7;
            },
            default);
        Task behind = store.Journal.AppendAsync([StoreFixture.Event("after")], default);
        hold.Dispose();
        await Task.WhenAll(before, undone, behind);

        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal(7, await undone);
        Assert.Equal(["before", "after"], (await store.Journal.ReadAsync("node-1", 0, 10, default)).Select(record => record.Name));
        Assert.True((await store.Journal.VerifyAsync(null, null, null, default)).IsIntact);
    }

    [Fact]
    public async Task Two_hundred_writers_at_once_all_get_in_and_the_chain_holds()
    {
        await using StoreFixture store = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                LedgerEntry entry = store.Entry($"{writer}/{i}");
                await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [StoreFixture.Event("enroll.request")], default);
                await store.Ledger.CloseAsync(
                    entry.Transaction, store.Certificate($"{writer:x}{i:x4}"), [StoreFixture.Event("cert.issued")], [], default);
                store.Ledger.MarkDelivered(entry.Transaction);
            }
        })));

        Assert.Equal((4000, true), await store.VerdictAsync());
        Assert.Equal(2000, (await store.Ledger.FiguresAsync(default)).Of("ca-1").IssuedTotal);
        await store.ReopenAsync(store.Options);
        Assert.True((await store.Ledger.FindAsync(store.Entry("199/9").Key, default, default))!.Delivered);
    }

    [Fact]
    public async Task A_write_cancelled_in_the_queue_never_happens()
    {
        await using StoreFixture store = await OpenAsync();
        using CancellationTokenSource stop = new();
        using WriterHold hold = await WriterHold.OnAsync(store.Database);
        Task cancelled = store.Journal.AppendAsync([StoreFixture.Event("never")], stop.Token);
        await stop.CancelAsync();
        hold.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Empty(await store.Journal.ReadAsync("node-1", 0, 10, default));
    }

    [Fact]
    public async Task A_full_queue_makes_writers_wait_and_loses_none()
    {
        await using StoreFixture store = await OpenAsync();
        using WriterHold hold = await WriterHold.OnAsync(store.Database);
        Task[] all = [.. Enumerable.Range(0, 1500).Select(_ => store.Journal.AppendAsync([StoreFixture.Event("x")], default))];
        Assert.InRange(store.Database.Pool.QueuedWrites, 1000, 1024);
        hold.Dispose();
        await Task.WhenAll(all);
        Assert.Equal(1500, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
    }

    [Fact]
    public async Task Dispose_finishes_what_is_queued_and_refuses_what_comes_later()
    {
        await using StoreFixture store = await OpenAsync();
        Task[] all = [.. Enumerable.Range(0, 100).Select(_ => store.Journal.AppendAsync([StoreFixture.Event("x")], default))];
        Journal old = store.Journal;
        await store.ReopenAsync(store.Options);
        Assert.All(all, task => Assert.True(task.IsCompletedSuccessfully));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => old.AppendAsync([StoreFixture.Event("late")], default));
        Assert.Equal(100, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
    }
}
