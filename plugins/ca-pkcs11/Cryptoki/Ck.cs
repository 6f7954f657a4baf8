namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>Numbers of PKCS#11 2.40, and those of 3.2 that are used, under their names without CK.</summary>
internal static class Ck
{
    public const uint UnavailableInformation = 0xFFFFFFFF;

    public const uint UserTypeUser = 1;
    public const uint SessionReadWrite = 2;
    public const uint SessionSerial = 4;
    public const uint StateReadOnlyUser = 1;
    public const uint StateReadWriteUser = 3;
    public const uint OsLockingOk = 2;

    public const uint ClassCertificate = 1;
    public const uint ClassPublicKey = 2;
    public const uint ClassPrivateKey = 3;
    public const uint ClassSecretKey = 4;

    public const uint KeyTypeRsa = 0;
    public const uint KeyTypeEc = 3;
    public const uint KeyTypeAes = 0x1F;
    public const uint KeyTypeMlDsa = 0x4A;
    public const uint VendorDefined = 0x80000000;

    public const uint AttributeClass = 0;
    public const uint AttributeToken = 1;
    public const uint AttributePrivate = 2;
    public const uint AttributeLabel = 3;
    public const uint AttributeValue = 0x11;
    public const uint AttributeKeyType = 0x100;
    public const uint AttributeId = 0x102;
    public const uint AttributeSensitive = 0x103;
    public const uint AttributeWrap = 0x106;
    public const uint AttributeSign = 0x108;
    public const uint AttributeVerify = 0x10A;
    public const uint AttributeModulus = 0x120;
    public const uint AttributeModulusBits = 0x121;
    public const uint AttributePublicExponent = 0x122;
    public const uint AttributePrivateExponent = 0x123;
    public const uint AttributePrime1 = 0x124;
    public const uint AttributePrime2 = 0x125;
    public const uint AttributeExponent1 = 0x126;
    public const uint AttributeExponent2 = 0x127;
    public const uint AttributeCoefficient = 0x128;
    public const uint AttributePublicKeyInfo = 0x129;
    public const uint AttributeExtractable = 0x162;
    public const uint AttributeAlwaysAuthenticate = 0x202;
    public const uint AttributeEcParameters = 0x180;
    public const uint AttributeEcPoint = 0x181;
    public const uint AttributeParameterSet = 0x61D;

    public const uint RsaKeyPairGeneration = 0;
    public const uint RsaPkcs = 1;
    public const uint RsaPss = 0xD;
    public const uint MlDsaKeyPairGeneration = 0x1C;
    public const uint MlDsa = 0x1D;
    public const uint Sha256 = 0x250;
    public const uint Sha384 = 0x260;
    public const uint Sha512 = 0x270;
    public const uint EcKeyPairGeneration = 0x1040;
    public const uint Ecdsa = 0x1041;
    public const uint AesKeyWrapPad = 0x210A;
    public const uint AesKeyWrapKwp = 0x210B;

    public const uint Mgf1Sha256 = 2;
    public const uint Mgf1Sha384 = 3;
    public const uint Mgf1Sha512 = 4;

    public const uint TokenLoginRequired = 0x4;
    public const uint TokenProtectedAuthenticationPath = 0x100;
    public const uint TokenInitialized = 0x400;
    public const uint TokenUserPinCountLow = 0x10000;
    public const uint TokenUserPinFinalTry = 0x20000;
    public const uint TokenUserPinLocked = 0x40000;
}
