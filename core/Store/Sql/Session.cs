using System.Data;
using System.Data.Common;
using System.Runtime.InteropServices;

namespace Kipuka.Store;

/// <summary>A connection with its prepared statements, used by one caller at a time.</summary>
/// <remarks>
/// A statement is prepared once for each SQL text, so callers give constant texts, always with the same parameters in the same order:
/// preparing would cost more than most statements do.
/// </remarks>
internal sealed class Session(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _prepared = [];

    public DbConnection Connection => connection;

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => Bind(sql, values).ExecuteNonQuery();

    /// <summary>The first row; null when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> values)
        where T : class
    {
        using DbDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? map(reader) : null;
    }

    /// <summary>The first row's first column, a whole number; null when there is no row or no value in it.</summary>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values) => (long?)Bind(sql, values).ExecuteScalar();

    public List<T> All<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using DbDataReader reader = Bind(sql, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(map(reader));
        }

        return rows;
    }

    public void Dispose()
    {
        foreach (DbCommand command in _prepared.Values)
        {
            command.Dispose();
        }

        connection.Dispose();
    }

    private DbCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out DbCommand? command))
        {
            command = Create(sql, values);
            _prepared.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = Stored(values[i].Value);
        }

        return command;
    }

    private DbCommand Create(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Only this room calls, with constant texts; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, _) in values)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Direction = ParameterDirection.Input;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        ReadOnlyMemory<byte> bytes => Whole(bytes),
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset time => Micros.Of(time),
        _ => value,
    };

    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> part) && part.Array is { } array && array.Length == part.Count
            ? array
            : bytes.ToArray();
}
