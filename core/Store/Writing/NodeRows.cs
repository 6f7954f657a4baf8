using System.Security.Cryptography;

namespace Kipuka.Store;

/// <summary>The rows of <c>commit_marks</c>: who writes under a node's name, and the last transaction committed under it.</summary>
internal static class NodeRows
{
    /// <summary>Makes a node's row this connection's, where locks of the server say already that no other one has the name.</summary>
    public static byte[] Hold(Session session, string node)
    {
        byte[] holder = RandomNumberGenerator.GetBytes(16);
        session.Execute(
            session.Dialect.InsertIfAbsent("INSERT INTO commit_marks (node, mark) VALUES (@node, @mark)"), ("node", node), ("mark", new byte[16]));
        session.Execute("UPDATE commit_marks SET holder = @holder, member = '' WHERE node = @node", ("holder", holder), ("node", node));
        return holder;
    }

    /// <summary>Leaves the mark by which a transaction is recognised.</summary>
    /// <returns>False when the name is another's by now: then nothing of this transaction may be committed.</returns>
    public static bool Mark(Session session, string node, byte[] holder, byte[] mark) => session.Execute(
        "UPDATE commit_marks SET mark = @mark WHERE node = @node AND holder = @holder", ("mark", mark), ("node", node), ("holder", holder)) == 1;

    /// <summary>The last transaction committed under a name; null when there is no such row.</summary>
    public static byte[]? MarkOf(Session session, string node) =>
        session.First("SELECT mark FROM commit_marks WHERE node = @node", static row => row.Bytes(0), ("node", node));

    /// <summary>The last transaction of every node.</summary>
    public static List<(string Node, byte[] Mark)> Marks(Session session) =>
        session.All("SELECT node, mark FROM commit_marks", static row => (row.GetString(0), row.Bytes(1)));
}
