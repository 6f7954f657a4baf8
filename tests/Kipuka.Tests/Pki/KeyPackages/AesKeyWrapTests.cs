using System.Security.Cryptography;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public sealed class AesKeyWrapTests
{
    // RFC 3394 sections 4.1 to 4.6.
    [Theory]
    [InlineData("000102030405060708090A0B0C0D0E0F", "00112233445566778899AABBCCDDEEFF", "1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5")]
    [InlineData("000102030405060708090A0B0C0D0E0F1011121314151617", "00112233445566778899AABBCCDDEEFF",
        "96778B25AE6CA435F92B5B97C050AED2468AB8A17AD84E5D")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF",
        "64E8C3F9CE0F5BA263E9777905818A2A93C8191E7D6E8AE7")]
    [InlineData("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F",
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")]
    public void Vectors_of_the_RFC_hold(string kek, string key, string wrapped)
    {
        Assert.Equal(wrapped, Convert.ToHexString(AesKeyWrap.Wrap(Convert.FromHexString(kek), Convert.FromHexString(key))));
        using var opened = AesKeyWrap.Unwrap(Convert.FromHexString(kek), Convert.FromHexString(wrapped));
        Assert.Equal(key, Convert.ToHexString(opened.Span));
    }

    [Fact]
    public void Another_key_or_a_changed_byte_is_noticed()
    {
        var kek = RandomNumberGenerator.GetBytes(32);
        var wrapped = AesKeyWrap.Wrap(kek, RandomNumberGenerator.GetBytes(32));
        AesKeyWrap.Unwrap(kek, wrapped).Dispose();
        Assert.Throws<CryptographicException>(() => AesKeyWrap.Unwrap(RandomNumberGenerator.GetBytes(32), wrapped));
        Assert.Throws<CryptographicException>(() => AesKeyWrap.Unwrap(kek, wrapped.AsSpan(1)));
        wrapped[9] ^= 1;
        Assert.Throws<CryptographicException>(() => AesKeyWrap.Unwrap(kek, wrapped));
    }
}
