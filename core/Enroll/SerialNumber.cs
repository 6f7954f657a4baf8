using System.Security.Cryptography;

namespace Kipuka.Enroll;

/// <summary>Serial numbers: 160 bits, positive (RFC 5280 section 4.1.2.2), from the operating system's CSPRNG.</summary>
internal static class SerialNumber
{
    private const int Length = 20;

    public static byte[] Next()
    {
        var serial = RandomNumberGenerator.GetBytes(Length);
        // The top bit clear keeps it positive, the next one set keeps it 20 bytes long; 158 random bits remain.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
