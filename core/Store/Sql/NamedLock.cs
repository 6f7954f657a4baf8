using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Store;

/// <summary>Locks that a database server keeps by a number or a short name, and frees when the connection ends.</summary>
internal static class NamedLock
{
    public static long Number(string name) => BinaryPrimitives.ReadInt64BigEndian(Hash(name));

    /// <summary>40 characters, for servers whose locks belong to no database.</summary>
    public static string Text(string database, string name) => "kipuka" + Convert.ToHexStringLower(Hash($"{database}\n{name}"))[..34];

    public static DatabaseException Taken(string node, string holder, Exception? fault = null) => new(
        $"The node name '{node}' is in use by another process ({holder}). Every process that shares a database needs a name of its own: " +
        "set node in [server].",
        fault);

    public static DatabaseException Migrating() => new("Another process migrates the database, for more than 10 minutes by now.");

    private static byte[] Hash(string name) => SHA256.HashData(Encoding.UTF8.GetBytes("kipuka/" + name));
}
