namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>Places in the CK_FUNCTION_LIST of version 2.40. Modules of 3.x fill it too.</summary>
internal enum Function
{
    Initialize = 0,
    Finalize = 1,
    GetInfo = 2,
    GetSlotList = 4,
    GetTokenInfo = 6,
    GetMechanismList = 7,
    OpenSession = 12,
    CloseSession = 13,
    GetSessionInfo = 15,
    Login = 18,
    CreateObject = 20,
    DestroyObject = 22,
    GetAttributeValue = 24,
    FindObjectsInit = 26,
    FindObjects = 27,
    FindObjectsFinal = 28,
    SignInit = 42,
    Sign = 43,
    GenerateKeyPair = 59,
    WrapKey = 60,
    GenerateRandom = 64,
}
