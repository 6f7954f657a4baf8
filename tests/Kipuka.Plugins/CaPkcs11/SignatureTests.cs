using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.CaPkcs11;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.Tests.CaPkcs11;

public sealed class SignatureTests
{
    // RFC 3279 section 2.2.3: two INTEGERs in the shortest form.
    [Theory]
    [InlineData("01", "02", "3006020101020102")]
    [InlineData("80", "7f", "3007020200800201 7f")]
    [InlineData("0001", "00ff", "30070201010202 00ff")]
    [InlineData("0000", "0000", "3006020100020100")]
    public void Raw_numbers_become_DER(string r, string s, string der)
        => Assert.Equal(der.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(SignatureMechanism.ToDer(Convert.FromHexString(r + s))));

    [Fact]
    public void The_DER_of_any_signature_is_the_platforms() => Prop.ForAll<byte[]>(data =>
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var raw = key.SignData(data ?? [], HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var der = new SignatureMechanism(HashAlgorithmName.SHA256, null, 256).Complete(raw);
        return key.VerifyData(data ?? [], der, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }).QuickCheckThrowOnFailure();

    // RFC 8017 section 9.2, note 1.
    [Theory]
    [InlineData("SHA256", "3031300d060960864801650304020105000420")]
    [InlineData("SHA384", "3041300d060960864801650304020205000430")]
    [InlineData("SHA512", "3051300d060960864801650304020305000440")]
    public void RSA_gets_a_DigestInfo(string hash, string prefix)
    {
        var data = "abc"u8.ToArray();
        var prepared = new SignatureMechanism(new HashAlgorithmName(hash), RSASignaturePadding.Pkcs1, 2048).Prepare(data);
        Assert.Equal(prefix + Convert.ToHexStringLower(CryptographicOperations.HashData(new HashAlgorithmName(hash), data)), Convert.ToHexStringLower(prepared.Span));
    }

    [Fact]
    public void A_mechanism_of_the_modules_own_gets_the_data_itself()
    {
        var mechanism = new SignatureMechanism(HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1, 2048, 0x80001234);
        Assert.Equal("abc"u8.ToArray(), mechanism.Prepare("abc"u8.ToArray()).ToArray());
        Assert.Equal(0x80001234u, mechanism.Mechanism.Id);
    }

    [Fact]
    public void A_signature_of_another_length_is_refused()
        => Assert.Contains("96 bytes", Assert.Throws<CryptographicException>(() => new SignatureMechanism(HashAlgorithmName.SHA256, null, 256).Complete(new byte[96])).Message, StringComparison.Ordinal);

    // PKCS#11 2.40 section 2.1: natural alignment on Unix, packed to one byte and with CK_ULONG of 32 bits on Windows.
    [Theory]
    [InlineData(8, 8, false, 8, 16, 24, 8, 32, 48, 208, 88, 48, 32, 120)] // Linux and macOS
    [InlineData(4, 8, true, 4, 12, 16, 2, 32, 44, 160, 72, 38, 16, 108)] // Windows
    [InlineData(4, 4, false, 4, 8, 12, 4, 16, 24, 160, 76, 40, 16, 108)] // Linux of 32 bits
    public void Structures_lie_as_each_platform_has_them(
        int number, int pointer, bool packed, int attributeValue, int attributeLength, int attribute, int firstFunction, int flags, int arguments, int token,
        int info, int infoDescription, int session, int mostReadWriteSessions)
    {
        var layout = new Layout(number, pointer, packed);
        Assert.Equal(
            (attributeValue, attributeLength, attribute, firstFunction, flags, arguments, token),
            (layout.PointerOfTriple, layout.LengthOfTriple, layout.Triple, layout.FirstFunction, layout.InitializeFlags, layout.InitializeArguments, layout.TokenInfo));
        Assert.Equal((info, infoDescription, session, mostReadWriteSessions), (layout.Info, layout.InfoDescription, layout.SessionInfo, layout.TokenNumber(3)));
        Assert.Equal(number, layout.Number(0xFFFFFFFE).Length);
        Assert.Equal(0xFFFFFFFEu, layout.Read(layout.Number(0xFFFFFFFE)));
    }
}
