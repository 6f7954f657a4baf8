using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Kipuka.Store;

/// <summary>A connection with its prepared statements, used by one caller at a time.</summary>
/// <remarks>
/// A statement is prepared once for each SQL text, so callers give constant texts, always with the same parameters in the same order:
/// preparing would cost more than most statements do.
/// </remarks>
internal sealed class Session(DbConnection connection, Dialect dialect) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _prepared = [];
    private readonly Pipeline? _pipeline = dialect.Batches ? new Pipeline(connection) : null;

    public DbConnection Connection => connection;

    public Dialect Dialect => dialect;

    /// <summary>Whether <see cref="Try"/> may send its statement later and take for granted that it succeeds.</summary>
    public bool IsSpeculative { get; set; }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        _pipeline is null ? Bind(sql, values).ExecuteNonQuery() : _pipeline.Execute(sql, values);

    /// <summary>Runs the statements of a script, one after the other, for however long it takes: an index over millions of rows takes minutes.</summary>
    public void RunScript(string sql)
    {
        using DbCommand command = Create(sql, []);
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement whose outcome is of no interest unless it is a fault, with the next one that is run.</summary>
    public void Later(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (_pipeline is null)
        {
            Bind(sql, values).ExecuteNonQuery();
        }
        else
        {
            _pipeline.Add(sql, values, expected: null);
        }
    }

    /// <summary>Runs a statement that is to change exactly one row.</summary>
    /// <returns>
    /// Whether it did. In a speculative session it may not have run yet, and the answer is true: should it prove wrong, the whole
    /// transaction is done again in a session that is not.
    /// </returns>
    public bool Try(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!IsSpeculative || _pipeline is null)
        {
            return Execute(sql, values) == 1;
        }

        _pipeline.Add(sql, values, expected: 1);
        return true;
    }

    /// <summary>Runs what was put off.</summary>
    public void Flush() => _pipeline?.Flush();

    /// <summary>Forgets what was put off: its transaction is at its end.</summary>
    public void Forget() => _pipeline?.Forget();

    /// <summary>The first row; null when there is none.</summary>
    public T? First<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> values)
        where T : class
    {
        Flush();
        using DbDataReader reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? map(reader) : null;
    }

    /// <summary>The first row's first column, a whole number; null when there is no row or no value in it.</summary>
    public long? Number(string sql, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        Flush();
        object? value = Bind(sql, values).ExecuteScalar();
        return value is null or DBNull ? null : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }

    public List<T> All<T>(string sql, Func<DbDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        Flush();
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

    /// <summary>Gives a parameter its value, in the form that the columns have.</summary>
    internal static void Set(DbParameter parameter, object? value)
    {
        if (value is Absent.OfBytes)
        {
            (parameter.DbType, parameter.Value) = (DbType.Binary, DBNull.Value);
            return;
        }

        parameter.Value = Stored(value);
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
            Set(command.Parameters[i], values[i].Value);
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
        bool flag => flag ? 1 : 0,
        string text => StoredText.Of(text),
        _ => value,
    };

    private static byte[] Whole(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> part) && part.Array is { } array && array.Length == part.Count
            ? array
            : bytes.ToArray();
}
