using System.Data.Common;

namespace Kipuka.Store;

/// <summary>Statements that travel together: those put off go with the next one, in one round trip and in their order.</summary>
internal sealed class Pipeline(DbConnection connection)
{
    /// <summary>What the server has to keep of one round trip stays small.</summary>
    private const int Most = 500;

    private readonly List<int?> _expected = [];
    private DbBatch? _batch;

    /// <summary>Puts a statement off.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="values">Its parameters.</param>
    /// <param name="expected">How many rows it is to change; null: any number.</param>
    public void Add(string sql, ReadOnlySpan<(string Name, object? Value)> values, int? expected)
    {
        if (_expected.Count == Most)
        {
            Flush();
        }

        _batch ??= connection.CreateBatch();
        DbBatchCommand command = _batch.CreateBatchCommand();
#pragma warning disable CA2100 // Only this room calls, with constant texts; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values)
        {
            DbParameter parameter = command.CreateParameter();
            parameter.ParameterName = name;
            Session.Set(parameter, value);
            command.Parameters.Add(parameter);
        }

        _batch.BatchCommands.Add(command);
        _expected.Add(expected);
    }

    /// <summary>Runs what was put off, and then this statement.</summary>
    /// <returns>How many rows this one changed.</returns>
    public int Execute(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        Add(sql, values, expected: null);
        return Flush();
    }

    /// <returns>How many rows the last statement changed.</returns>
    public int Flush()
    {
        if (_batch is null)
        {
            return 0;
        }

        try
        {
            _batch.ExecuteNonQuery();
            for (int i = 0; i < _expected.Count; i++)
            {
                if (_expected[i] is { } expected && _batch.BatchCommands[i].RecordsAffected != expected)
                {
                    throw new SpeculationException();
                }
            }

            return _batch.BatchCommands[^1].RecordsAffected;
        }
        finally
        {
            Forget();
        }
    }

    public void Forget()
    {
        _batch?.Dispose();
        _batch = null;
        _expected.Clear();
    }
}
