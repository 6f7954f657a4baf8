namespace Kipuka.Store;

/// <summary>Makes those who count rows and then add one do so one after the other, on all nodes: until the transaction ends, nobody else has the turn.</summary>
internal static class Turns
{
    /// <param name="session">In a transaction.</param>
    /// <param name="name">A row of <c>turns</c>.</param>
    public static void Take(Session session, string name) => session.Later("UPDATE turns SET taken = taken + 1 WHERE name = @name", ("name", name));
}
