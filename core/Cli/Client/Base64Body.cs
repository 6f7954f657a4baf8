using System.Text;

namespace Kipuka.Cli.Client;

/// <summary>RFC 8951 section 3: base64, whatever Content-Transfer-Encoding says. A few servers send DER as it is.</summary>
internal static class Base64Body
{
    /// <summary>Null when it is neither.</summary>
    public static byte[]? Decode(byte[] bytes)
    {
        if (bytes is [0x30, ..])
        {
            return bytes;
        }
        try
        {
            return Convert.FromBase64String(Encoding.Latin1.GetString(bytes));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
