using System.Buffers.Binary;
using System.Text;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>
/// Says whose keys a keytab has, so that a wrong one is found before anything runs. The keys are the Kerberos library's business. The format is MIT's,
/// version 2: big-endian, each entry behind its length; a negative length is a hole.
/// </summary>
internal static class Keytab
{
    private static readonly byte[] Magic = [0x05, 0x02];

    /// <exception cref="FormatException">The bytes are no such keytab; the message continues a sentence about the file.</exception>
    public static IReadOnlyList<string> Principals(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic))
        {
            throw new FormatException("is no keytab (version 5.2); export the service's key with kadmin ktadd or ipa-getkeytab.");
        }
        var rest = file[Magic.Length..];
        List<string> principals = [];
        while (!rest.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(Take(ref rest, sizeof(int)));
            if (length == 0)
            {
                break; // the rest of the file is padding
            }
            var entry = Take(ref rest, length == int.MinValue ? int.MaxValue : Math.Abs(length));
            if (length > 0)
            {
                principals.Add(Principal(entry));
            }
        }
        return [.. principals.Distinct()];
    }

    private static string Principal(ReadOnlySpan<byte> entry)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(Take(ref entry, sizeof(ushort)));
        var realm = Text(ref entry);
        var parts = new List<string>();
        while (parts.Count < count)
        {
            parts.Add(PrincipalText.Escape(Text(ref entry)));
        }
        return $"{string.Join('/', parts)}@{PrincipalText.Escape(realm)}";
    }

    private static string Text(ref ReadOnlySpan<byte> entry)
        => Encoding.UTF8.GetString(Take(ref entry, BinaryPrimitives.ReadUInt16BigEndian(Take(ref entry, sizeof(ushort)))));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int length)
    {
        if (length > rest.Length)
        {
            throw new FormatException("ends in the middle of an entry; export the service's key anew.");
        }
        var taken = rest[..length];
        rest = rest[length..];
        return taken;
    }
}
