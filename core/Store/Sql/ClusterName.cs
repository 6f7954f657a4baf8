using System.Data.Common;
using System.Security.Cryptography;

namespace Kipuka.Store;

/// <summary>
/// A name that one process of a Galera cluster holds at a time: a row, because the locks of a session are known to one member only.
/// </summary>
/// <remarks>
/// Of two transactions at different members that write one row the cluster commits the first and undoes the second. So whoever takes a name
/// undoes, with its row, what a former holder still has under way.
/// </remarks>
/// <param name="table">Its table: <c>node</c>, <c>mark</c>, <c>holder</c>, <c>member</c>.</param>
/// <param name="name">The row.</param>
/// <param name="beat">How often a holder writes, and others look.</param>
internal sealed class ClusterName(string table, string name, TimeSpan beat)
{
    private const int MostConflicts = 8;

    // Of this process, whatever connection it has: the answer to its own taking may have been lost.
    private readonly byte[] _process = RandomNumberGenerator.GetBytes(8);

    /// <summary>Waits until the name is free, or its holder has been silent for long, and takes it.</summary>
    /// <param name="session">Whose process is to have it; not in a transaction.</param>
    /// <param name="member">The member that the session is at.</param>
    /// <param name="isOnly">Whether no other process has the name at this member.</param>
    /// <param name="waits">Whether to wait for a holder that lives.</param>
    /// <returns>What the row says as long as this process has the name; null when it does not wait.</returns>
    public byte[]? Take(Session session, string member, bool isOnly, Func<bool> waits)
    {
        byte[] holder = [.. _process, .. RandomNumberGenerator.GetBytes(8)];
        using ManualResetEventSlim never = new();
        (Row? seen, int looks, int conflicts) = (null, 0, 0);
        while (true)
        {
            try
            {
                Row? row = Find(session);
                if (row is null)
                {
                    session.Execute(
                        session.Dialect.InsertIfAbsent($"INSERT INTO {table} (node, mark) VALUES (@node, @mark)"), ("node", name), ("mark", new byte[16]));
                    continue;
                }

                looks = row.SaysTheSameAs(seen) ? looks + 1 : 0;
                bool isFree = row.Holder.Length == 0 || row.Holder.AsSpan().StartsWith(_process) || (isOnly && row.Member == member);
                if (isFree || looks >= NodeWatch.Looks)
                {
                    if (TryTake(session, row, holder, member))
                    {
                        return holder;
                    }

                    continue;
                }

                if (seen is not null && looks == 0 && !waits())
                {
                    return null;
                }

                seen = row;
            }
            catch (DbException fault) when (session.Dialect.IsConflict(fault) && ++conflicts < MostConflicts)
            {
                // Another process wrote the row first, or the member is behind for long.
            }

            never.Wait(beat);
        }
    }

    /// <summary>The member that the holder is at; null when nobody has the name.</summary>
    public static string? MemberOf(Session session, string node) =>
        session.First("SELECT member FROM commit_marks WHERE node = @node AND LENGTH(holder) > 0", static row => row.GetString(0), ("node", node));

    public void Beat(Session session, byte[] holder) => session.Execute(
        $"UPDATE {table} SET mark = @mark WHERE node = @node AND holder = @holder",
        ("mark", RandomNumberGenerator.GetBytes(16)), ("node", name), ("holder", holder));

    /// <summary>Gives it back, so that nobody has to wait.</summary>
    public void Leave(Session session, byte[] holder) => session.Execute(
        $"UPDATE {table} SET holder = '' WHERE node = @node AND holder = @holder", ("node", name), ("holder", holder));

    private Row? Find(Session session) => session.First(
        $"SELECT mark, holder, member FROM {table} WHERE node = @node", static row => new Row(row.Bytes(0), row.Bytes(1), row.GetString(2)), ("node", name));

    private bool TryTake(Session session, Row row, byte[] holder, string member) => session.Execute(
        $"UPDATE {table} SET holder = @holder, member = @member WHERE node = @node AND holder = @before AND mark = @mark",
        ("holder", holder), ("member", member), ("node", name), ("before", row.Holder), ("mark", row.Mark)) == 1;

    private sealed record Row(byte[] Mark, byte[] Holder, string Member)
    {
        public bool SaysTheSameAs(Row? other) =>
            other is not null && Mark.AsSpan().SequenceEqual(other.Mark) && Holder.AsSpan().SequenceEqual(other.Holder);
    }
}
