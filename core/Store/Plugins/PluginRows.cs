using System.Data.Common;
using Kipuka.Sdk;

namespace Kipuka.Store;

/// <summary>The rows of <c>plugin_data</c>. What has expired is as if it were not there.</summary>
internal static class PluginRows
{
    internal const string GetSql =
        $"SELECT key, value, version, expires_at FROM plugin_data WHERE instance = @instance AND key = @key AND {Live}";

    internal const string ListSql =
        $"""
        SELECT key, value, version, expires_at FROM plugin_data
        WHERE instance = @instance AND key >= @prefix AND key < @end AND key > @after AND {Live} ORDER BY key LIMIT @limit
        """;

    internal const string ExpiredSql =
        "SELECT instance, key FROM plugin_data WHERE expires_at <= @now ORDER BY expires_at LIMIT @limit";

    private const string Live = "(expires_at IS NULL OR expires_at > @now)";

    private const string This = "instance = @instance AND key = @key";

    public static StoredValue? Get(Session session, string instance, string key, DateTimeOffset now) =>
        session.First(GetSql, Read, ("instance", instance), ("key", key), ("now", now));

    public static List<StoredValue> List(
        Session session, string instance, string prefix, string end, string after, int limit, DateTimeOffset now) => session.All(
        ListSql,
        Read,
        ("instance", instance), ("prefix", prefix), ("end", end), ("after", after), ("now", now), ("limit", limit));

    /// <summary>Does the write; every condition is part of its statement, so that it holds with many nodes too.</summary>
    /// <returns>False when the write's condition did not hold.</returns>
    public static bool Write(Session session, string instance, StoreWrite write, DateTimeOffset now) => (write.Value, write.IfVersion)
        switch
    {
        (null, null) => Delete(session, instance, write.Key),
        (null, 0) => Get(session, instance, write.Key, now) is null,
        (null, { } version) => session.Execute(
            $"DELETE FROM plugin_data WHERE {This} AND version = @version AND {Live}",
            ("instance", instance), ("key", write.Key), ("version", version), ("now", now)) == 1,
        ({ } value, null) => Overwrite(session, instance, write, value, now) || Insert(session, instance, write, value, now),
        ({ } value, 0) => Insert(session, instance, write, value, now),
        ({ } value, { } version) => session.Execute(
            $"""
            UPDATE plugin_data SET value = @value, version = version + 1, expires_at = @expires
            WHERE {This} AND version = @version AND {Live}
            """,
            ("value", value), ("expires", write.Expires), ("instance", instance), ("key", write.Key), ("version", version),
            ("now", now)) == 1,
    };

    /// <summary>Removes some of what has expired.</summary>
    /// <returns>How many.</returns>
    public static int Sweep(Session session, DateTimeOffset now, int limit)
    {
        List<(string Instance, string Key)> expired = session.All(
            ExpiredSql,
            static row => (row.GetString(0), row.GetString(1)),
            ("now", now), ("limit", limit));
        foreach ((string instance, string key) in expired)
        {
            Delete(session, instance, key);
        }

        return expired.Count;
    }

    private static bool Delete(Session session, string instance, string key)
    {
        session.Execute($"DELETE FROM plugin_data WHERE {This}", ("instance", instance), ("key", key));
        return true;
    }

    private static bool Overwrite(Session session, string instance, StoreWrite write, ReadOnlyMemory<byte> value, DateTimeOffset now) =>
        session.Execute(
            $"UPDATE plugin_data SET value = @value, version = version + 1, expires_at = @expires WHERE {This} AND {Live}",
            ("value", value), ("expires", write.Expires), ("instance", instance), ("key", write.Key), ("now", now)) == 1;

    private static bool Insert(Session session, string instance, StoreWrite write, ReadOnlyMemory<byte> value, DateTimeOffset now)
    {
        // What has expired but is not swept yet must not stand in the way.
        session.Execute(
            $"DELETE FROM plugin_data WHERE {This} AND expires_at <= @now", ("instance", instance), ("key", write.Key), ("now", now));
        return session.Execute(
            $"""
            INSERT INTO plugin_data (instance, key, value, version, expires_at)
            SELECT @instance, @key, @value, 1, @expires WHERE NOT EXISTS (SELECT 1 FROM plugin_data WHERE {This})
            """,
            ("instance", instance), ("key", write.Key), ("value", value), ("expires", write.Expires)) == 1;
    }

    private static StoredValue Read(DbDataReader row) =>
        new(row.GetString(0), row.Bytes(1), row.GetInt64(2), row.TimeOrNull(3));
}
