using System.Security.Cryptography;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Reads the private half of a pair that the token lets be seen.</summary>
internal static class PrivateKeys
{
    /// <param name="session">The session that made it.</param>
    /// <param name="handle">The private key.</param>
    /// <param name="publicHalf">An <see cref="RSA"/> or <see cref="ECDsa"/>.</param>
    /// <exception cref="CryptographicException">The token does not show it.</exception>
    public static AsymmetricAlgorithm Read(Session session, ulong handle, AsymmetricAlgorithm publicHalf)
    {
        List<byte[]> secrets = [];
        try
        {
            if (publicHalf is ECDsa ec)
            {
                var parameters = ec.ExportParameters(false);
                parameters.D = Number(Ck.AttributeValue, parameters.Q.X!.Length);
                return ECDsa.Create(parameters);
            }
            var numbers = ((RSA)publicHalf).ExportParameters(false);
            var (whole, half) = (numbers.Modulus!.Length, (numbers.Modulus.Length + 1) / 2);
            numbers.D = Number(Ck.AttributePrivateExponent, whole);
            numbers.P = Number(Ck.AttributePrime1, half);
            numbers.Q = Number(Ck.AttributePrime2, half);
            numbers.DP = Number(Ck.AttributeExponent1, half);
            numbers.DQ = Number(Ck.AttributeExponent2, half);
            numbers.InverseQ = Number(Ck.AttributeCoefficient, half);
            return RSA.Create(numbers);
        }
        finally
        {
            secrets.ForEach(secret => CryptographicOperations.ZeroMemory(secret));
        }

        // The platform wants every number as long as its field; PKCS#11 leaves leading zeros out.
        byte[] Number(uint attribute, int length)
        {
            var value = session.Attribute(handle, attribute) is { Length: > 0 } shown
                ? shown
                : throw new CryptographicException("the token does not show the values of a private key that it made");
            secrets.Add(value);
            var digits = value.AsSpan().TrimStart((byte)0);
            if (digits.Length > length)
            {
                throw new CryptographicException("the token shows a private key that does not fit its public key");
            }
            var padded = GC.AllocateArray<byte>(length, pinned: true);
            secrets.Add(padded);
            digits.CopyTo(padded.AsSpan(length - digits.Length));
            return padded;
        }
    }
}
