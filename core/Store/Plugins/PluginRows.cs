using System.Data.Common;
using Kipuka.Sdk;

namespace Kipuka.Store;

/// <summary>The rows of <c>plugin_data</c>. What has expired is as if it were not there.</summary>
internal static class PluginRows
{
    internal const string GetSql =
        $"SELECT \"key\", value, version, expires_at FROM plugin_data WHERE instance = @instance AND \"key\" = @key AND {Live}";

    internal const string ListSql =
        $"""
        SELECT "key", value, version, expires_at FROM plugin_data
        WHERE instance = @instance AND "key" >= @prefix AND "key" < @end AND "key" > @after AND {Live} ORDER BY "key" LIMIT @limit
        """;

    internal const string ExpiredSql =
        "SELECT instance, \"key\" FROM plugin_data WHERE expires_at <= @now ORDER BY expires_at LIMIT @limit";

    private const string InsertSql =
        "INSERT INTO plugin_data (instance, \"key\", value, version, expires_at) VALUES (@instance, @key, @value, 1, @expires)";

    private const string Live = "(expires_at IS NULL OR expires_at > @now)";

    private const string This = "instance = @instance AND \"key\" = @key";

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
        (null, 0) => ConfirmAbsent(session, instance, write.Key, now),
        (null, { } version) => session.Try(
            $"DELETE FROM plugin_data WHERE {This} AND version = @version AND {Live}",
            ("instance", instance), ("key", write.Key), ("version", version), ("now", now)),
        ({ } value, null) => Set(session, instance, write, value, now),
        ({ } value, 0) => Insert(session, instance, write, value, now),
        ({ } value, { } version) => session.Try(
            $"""
            UPDATE plugin_data SET value = @value, version = version + 1, expires_at = @expires
            WHERE {This} AND version = @version AND {Live}
            """,
            ("value", value), ("expires", write.Expires), ("instance", instance), ("key", write.Key), ("version", version),
            ("now", now)),
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
            // Another node may have given the key a new value since.
            session.Later(
                $"DELETE FROM plugin_data WHERE {This} AND expires_at <= @now", ("instance", instance), ("key", key), ("now", now));
        }

        return expired.Count;
    }

    private static bool Delete(Session session, string instance, string key)
    {
        session.Later($"DELETE FROM plugin_data WHERE {This}", ("instance", instance), ("key", key));
        return true;
    }

    // The row that is put in its place, and taken away again, keeps the other nodes from adding one before this is committed.
    private static bool ConfirmAbsent(Session session, string instance, string key, DateTimeOffset now) =>
        Insert(session, instance, new StoreWrite(key, ReadOnlyMemory<byte>.Empty), ReadOnlyMemory<byte>.Empty, now)
        && Delete(session, instance, key);

    // Either may find that another node was faster: its row is seen by the next step.
    private static bool Set(Session session, string instance, StoreWrite write, ReadOnlyMemory<byte> value, DateTimeOffset now)
    {
        const int most = 10;
        for (int i = 0; i < most; i++)
        {
            if (Overwrite(session, instance, write, value, now) || InsertNow(session, instance, write, value, now))
            {
                return true;
            }
        }

        throw new SpeculationException();
    }

    private static bool Overwrite(Session session, string instance, StoreWrite write, ReadOnlyMemory<byte> value, DateTimeOffset now) =>
        session.Execute(
            $"UPDATE plugin_data SET value = @value, version = version + 1, expires_at = @expires WHERE {This} AND {Live}",
            ("value", value), ("expires", write.Expires), ("instance", instance), ("key", write.Key), ("now", now)) == 1;

    private static bool Insert(Session session, string instance, StoreWrite write, ReadOnlyMemory<byte> value, DateTimeOffset now)
    {
        MakeRoom(session, instance, write.Key, now);
        return session.Try(session.Dialect.InsertIfAbsent(InsertSql), Row(instance, write, value));
    }

    private static bool InsertNow(Session session, string instance, StoreWrite write, ReadOnlyMemory<byte> value, DateTimeOffset now)
    {
        MakeRoom(session, instance, write.Key, now);
        return session.Execute(session.Dialect.InsertIfAbsent(InsertSql), Row(instance, write, value)) == 1;
    }

    // What has expired but is not swept yet must not stand in the way.
    private static void MakeRoom(Session session, string instance, string key, DateTimeOffset now) => session.Later(
        $"DELETE FROM plugin_data WHERE {This} AND expires_at <= @now", ("instance", instance), ("key", key), ("now", now));

    private static (string, object?)[] Row(string instance, StoreWrite write, ReadOnlyMemory<byte> value) =>
        [("instance", instance), ("key", write.Key), ("value", value), ("expires", write.Expires)];

    private static StoredValue Read(DbDataReader row) =>
        new(row.GetString(0), row.Bytes(1), row.GetInt64(2), row.TimeOrNull(3));
}
