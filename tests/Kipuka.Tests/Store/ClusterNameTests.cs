using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>Who may take a name that is a row; the members of the cluster are names here, and the rows those of one server.</summary>
[Collection("mariadb")]
public sealed class ClusterNameTests(MariaEngine engine) : StoreSuite(engine)
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);
    private static readonly Func<bool> Never = static () => false;

    [Fact]
    public async Task A_name_whose_holder_writes_is_not_taken_and_one_whose_holder_is_silent_is()
    {
        await using StoreFixture store = await OpenAsync();
        using Session first = Open(store);
        using Session second = Open(store);
        ClusterName holder = Name();
        byte[] held = holder.Take(first, "a", isOnly: true, Never)!;
        using (CancellationTokenSource stop = new())
        {
            Task beats = Task.Run(() =>
            {
                while (!stop.IsCancellationRequested)
                {
                    holder.Beat(first, held);
                }
            });
            Assert.Null(Name().Take(second, "b", isOnly: true, Never));
            await stop.CancelAsync();
            await beats;
        }

        Assert.True(NodeRows.Mark(first, "name", held, new byte[16]));
        byte[] taken = Name().Take(second, "b", isOnly: true, Never)!;
        Assert.False(NodeRows.Mark(first, "name", held, new byte[16]));
        Assert.True(NodeRows.Mark(second, "name", taken, new byte[16]));
    }

    [Fact]
    public async Task Who_waits_gets_the_name_when_its_holder_leaves()
    {
        await using StoreFixture store = await OpenAsync();
        using Session first = Open(store);
        using Session second = Open(store);
        ClusterName holder = Name();
        byte[] held = holder.Take(first, "a", isOnly: true, Never)!;
        int waited = 0;
        holder.Beat(first, held);
        Task<byte[]?> other = Task.Run(() => Name().Take(second, "b", isOnly: true, () =>
        {
            waited++;
            return true;
        }));
        while (!other.IsCompleted && Volatile.Read(ref waited) < 3)
        {
            holder.Beat(first, held);
        }

        Assert.False(other.IsCompleted);
        holder.Leave(first, held);
        Assert.NotNull(await other);
    }

    [Fact]
    public async Task Of_two_processes_at_one_member_the_one_that_has_its_lock_takes_the_name_at_once_and_so_does_its_holder_again()
    {
        await using StoreFixture store = await OpenAsync();
        using Session session = Open(store);
        ClusterName dead = Name();
        Assert.NotNull(dead.Take(session, "a", isOnly: true, Never));
        ClusterName next = Name();
        byte[] taken = next.Take(session, "a", isOnly: true, Never)!;
        // The answer was lost, and the connection is to another member now: what was under way is over all the same.
        byte[] again = next.Take(session, "b", isOnly: false, Never)!;
        Assert.False(NodeRows.Mark(session, "name", taken, new byte[16]));
        Assert.True(NodeRows.Mark(session, "name", again, new byte[16]));
        Assert.Equal("b", ClusterName.MemberOf(session, "name"));
    }

    private static ClusterName Name() => new("commit_marks", "name", Beat);

    private static Session Open(StoreFixture store)
    {
        Dialect dialect = Dialect.Of(store.Options);
        return new Session(dialect.OpenWriter(), dialect);
    }
}
