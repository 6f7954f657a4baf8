using System.Security.Cryptography;
using Kipuka.Ca;
using Kipuka.Sdk.Ca;

namespace Kipuka.Enroll;

/// <summary>Serial numbers: 160 bits, positive (RFC 5280 section 4.1.2.2).</summary>
internal static class SerialNumber
{
    private const int Length = 20;

    /// <summary>From the CA's own source of random numbers where it has one, and never from elsewhere then; else from the operating system's CSPRNG.</summary>
    /// <exception cref="AuthorityUnavailableException">The CA's source gives none.</exception>
    public static async ValueTask<byte[]> NextAsync(GuardedAuthority authority)
    {
        var serial = new byte[Length];
        if (!await authority.TryFillAsync(serial, CancellationToken.None))
        {
            return Next();
        }
        // 160 equal bits come from no source of random numbers.
        return serial.AsSpan().ContainsAnyExcept((byte)0)
            ? Shape(serial)
            : throw new AuthorityUnavailableException($"{authority.Name}: its random numbers are all zero; have its source tested", mayHaveIssued: false);
    }

    public static byte[] Next() => Shape(RandomNumberGenerator.GetBytes(Length));

    // The top bit clear keeps it positive, the next one set keeps it 20 bytes long; 158 random bits remain.
    private static byte[] Shape(byte[] serial)
    {
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        return serial;
    }
}
