using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Kipuka.Interop;

/// <summary>What a database file says, read beside the server or after its death.</summary>
internal sealed class CrashLedger : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly ScratchFolder? _folder;

    private CrashLedger(string file, ScratchFolder? folder)
    {
        _folder = folder;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = folder is null ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite,
            Pooling = false,
        }.ToString());
        _connection.Open();
    }

    /// <summary>The file of a running server.</summary>
    public static CrashLedger Of(KipukaServer server) => new(server.DatabaseFile, null);

    /// <summary>A copy of what a killed server left: opening the original would already be a repair step.</summary>
    public static CrashLedger CopyOf(KipukaServer server)
    {
        var folder = new ScratchFolder();
        File.Copy(server.DatabaseFile, folder["copy.db"]);
        File.Copy(server.DatabaseFile + "-wal", folder["copy.db-wal"]);
        return new CrashLedger(folder["copy.db"], folder);
    }

    /// <summary>Transactions whose close did not become durable.</summary>
    public long Open => Number("SELECT COUNT(*) FROM transactions WHERE state = 0");

    /// <summary>Those of one request, in any state.</summary>
    public long TransactionsOf(byte[] request)
        => Number("SELECT COUNT(*) FROM transactions WHERE request_hash = $hash", ("$hash", SHA256.HashData(request)));

    /// <summary>The id of a request's open transaction; null when none is open.</summary>
    public byte[]? OpenTransactionOf(byte[] request) => Read(
        "SELECT id FROM transactions WHERE state = 0 AND request_hash = $hash", Blobs, ("$hash", SHA256.HashData(request))).SingleOrDefault();

    /// <summary>Why a transaction failed.</summary>
    public string? ReasonOf(byte[] transaction)
        => Read("SELECT reason FROM transactions WHERE state = 2 AND id = $id", row => row.Read() ? row.GetString(0) : null, ("$id", transaction));

    /// <summary>The certificates issued to one request, DER.</summary>
    public IReadOnlyList<byte[]> CertificatesOf(byte[] request) => Read(
        "SELECT c.der FROM certificates c JOIN transactions t ON t.id = c.transaction_id WHERE t.request_hash = $hash",
        Blobs,
        ("$hash", SHA256.HashData(request)));

    /// <summary>Walks the journal; null when it holds.</summary>
    public string? FindJournalFault() => Read(
        "SELECT node, sequence, time, event_type, niap, success, actor, source_ip, label, ca, serial, details, previous_hash, hash "
        + "FROM audit_log ORDER BY node, sequence",
        JournalChain.FindFault);

    public void Dispose()
    {
        _connection.Dispose();
        _folder?.Dispose();
    }

    private long Number(string sql, params (string Name, object Value)[] values) => Read(sql, row => row.Read() ? row.GetInt64(0) : 0, values);

    private T Read<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] values)
    {
        using var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constant texts of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }
        using var row = command.ExecuteReader();
        return read(row);
    }

    private static List<byte[]> Blobs(SqliteDataReader row)
    {
        var blobs = new List<byte[]>();
        while (row.Read())
        {
            blobs.Add(row.GetFieldValue<byte[]>(0));
        }
        return blobs;
    }
}
