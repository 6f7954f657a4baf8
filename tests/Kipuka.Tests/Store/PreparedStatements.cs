using System.Collections.Concurrent;
using System.Data.Common;
using System.Reflection;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>The statements that a database's connections have run.</summary>
internal static class PreparedStatements
{
    public static IEnumerable<DbCommand> Of(Database database)
    {
        object writer = Field(database, "_writer");
        List<Session> sessions = [.. (ConcurrentStack<Session>)Field(Field(database, "_readers"), "_idle")];
        sessions.Add((Session)Field(Field(writer, "_session"), "_session"));
        return sessions.SelectMany(session => ((Dictionary<string, DbCommand>)Field(session, "_prepared")).Values);
    }

    private static object Field(object owner, string name) =>
        owner.GetType().GetField(name, BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(owner)!;
}
