using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Kipuka.Interop;

/// <summary>The journal's hash chain, computed anew from its documented encoding and without the server's code.</summary>
internal static class JournalChain
{
    private static readonly byte[] Absent = [0xFF, 0xFF, 0xFF, 0xFF];

    /// <param name="row">Every record, node by node, in the order of the sequence.</param>
    /// <returns>What is wrong; null when the chain holds and has records.</returns>
    public static string? FindFault(SqliteDataReader row)
    {
        var (node, sequence, previous, count) = ("", 0L, new byte[32], 0L);
        for (; row.Read(); count++)
        {
            if (row.GetString(0) != node)
            {
                (node, sequence, previous) = (row.GetString(0), 0, new byte[32]);
            }
            if (row.GetInt64(1) != ++sequence)
            {
                return $"{node}: record {sequence} is missing";
            }
            if (!row.GetFieldValue<byte[]>(12).SequenceEqual(previous))
            {
                return $"{node}: record {sequence} does not follow the one before";
            }
            previous = HashOf(row, previous);
            if (!row.GetFieldValue<byte[]>(13).SequenceEqual(previous))
            {
                return $"{node}: the content of record {sequence} does not give its hash";
            }
        }
        return count > 0 ? null : "the journal is empty";
    }

    private static byte[] HashOf(SqliteDataReader row, byte[] previous)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        Text(hash, row.GetString(0));
        Number(hash, row.GetInt64(1));
        Number(hash, row.GetInt64(2));
        Text(hash, row.GetString(3));
        Text(hash, row.GetString(4));
        Number(hash, row.GetInt64(5));
        for (var column = 6; column <= 10; column++)
        {
            Text(hash, row.IsDBNull(column) ? null : row.GetString(column));
        }
        var details = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(11))!;
        Number(hash, details.Count);
        foreach (var (name, value) in details.OrderBy(detail => detail.Key, StringComparer.Ordinal))
        {
            Text(hash, name);
            Text(hash, value);
        }
        return hash.GetHashAndReset();
    }

    private static void Number(IncrementalHash hash, long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        hash.AppendData(bytes);
    }

    private static void Text(IncrementalHash hash, string? text)
    {
        if (text is null)
        {
            hash.AppendData(Absent);
            return;
        }
        var utf8 = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
        hash.AppendData(length);
        hash.AppendData(utf8);
    }
}
