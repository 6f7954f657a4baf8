using System.Text;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>What a token says of itself.</summary>
internal sealed record TokenInfo(ulong Slot, string Label, string Manufacturer, string Model, string Serial, uint Flags, ulong MaxSessions, ulong MaxReadWriteSessions)
{
    public bool IsInitialized => Has(Ck.TokenInitialized);

    public bool Has(uint flag) => (Flags & flag) != 0;

    public static TokenInfo Read(ulong slot, ReadOnlySpan<byte> structure)
    {
        var layout = Layout.Native;
        return new TokenInfo(
            slot,
            Text(structure[..32]),
            Text(structure[32..64]),
            Text(structure[64..80]),
            Text(structure[80..96]),
            (uint)layout.Read(structure[layout.TokenNumber(0)..]),
            Limit(layout.Read(structure[layout.TokenNumber(1)..])),
            Limit(layout.Read(structure[layout.TokenNumber(3)..])));
    }

    public override string ToString() => $"slot 0x{Slot:x} ({Slot}) token \"{Label}\" serial {Serial}";

    // Padded with blanks (PKCS#11 2.40 section 3.2); some modules end them with zeros.
    internal static string Text(ReadOnlySpan<byte> padded) => Encoding.UTF8.GetString(padded.TrimEnd((byte)0)).TrimEnd();

    // 0 is CK_EFFECTIVELY_INFINITE, all ones CK_UNAVAILABLE_INFORMATION.
    private static ulong Limit(ulong value) => value == 0 || (uint)value == Ck.UnavailableInformation ? ulong.MaxValue : value;
}
