namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>The values of CK_RV that somebody has to tell apart, and their names for messages.</summary>
internal static class ReturnCode
{
    public const uint Ok = 0;
    public const uint AttributeSensitive = 0x11;
    public const uint AttributeTypeInvalid = 0x12;
    public const uint PinLocked = 0xA4;
    public const uint SessionCount = 0xB1;
    public const uint UserAlreadyLoggedIn = 0x100;
    public const uint CryptokiNotInitialized = 0x190;
    public const uint CryptokiAlreadyInitialized = 0x191;

    private static readonly Dictionary<uint, string> Names = new()
    {
        [0x2] = "CKR_HOST_MEMORY",
        [0x3] = "CKR_SLOT_ID_INVALID",
        [0x5] = "CKR_GENERAL_ERROR",
        [0x6] = "CKR_FUNCTION_FAILED",
        [0x7] = "CKR_ARGUMENTS_BAD",
        [AttributeSensitive] = "CKR_ATTRIBUTE_SENSITIVE",
        [AttributeTypeInvalid] = "CKR_ATTRIBUTE_TYPE_INVALID",
        [0x13] = "CKR_ATTRIBUTE_VALUE_INVALID",
        [0x20] = "CKR_DATA_INVALID",
        [0x21] = "CKR_DATA_LEN_RANGE",
        [0x30] = "CKR_DEVICE_ERROR",
        [0x31] = "CKR_DEVICE_MEMORY",
        [0x32] = "CKR_DEVICE_REMOVED",
        [0x54] = "CKR_FUNCTION_NOT_SUPPORTED",
        [0x60] = "CKR_KEY_HANDLE_INVALID",
        [0x62] = "CKR_KEY_SIZE_RANGE",
        [0x63] = "CKR_KEY_TYPE_INCONSISTENT",
        [0x69] = "CKR_KEY_NOT_WRAPPABLE",
        [0x6A] = "CKR_KEY_UNEXTRACTABLE",
        [0x68] = "CKR_KEY_FUNCTION_NOT_PERMITTED",
        [0x70] = "CKR_MECHANISM_INVALID",
        [0x71] = "CKR_MECHANISM_PARAM_INVALID",
        [0x82] = "CKR_OBJECT_HANDLE_INVALID",
        [0x90] = "CKR_OPERATION_ACTIVE",
        [0xA0] = "CKR_PIN_INCORRECT",
        [0xA1] = "CKR_PIN_INVALID",
        [0xA2] = "CKR_PIN_LEN_RANGE",
        [0xA3] = "CKR_PIN_EXPIRED",
        [PinLocked] = "CKR_PIN_LOCKED",
        [0xB0] = "CKR_SESSION_CLOSED",
        [SessionCount] = "CKR_SESSION_COUNT",
        [0xB3] = "CKR_SESSION_HANDLE_INVALID",
        [0xD0] = "CKR_TEMPLATE_INCOMPLETE",
        [0xD1] = "CKR_TEMPLATE_INCONSISTENT",
        [0x113] = "CKR_WRAPPING_KEY_HANDLE_INVALID",
        [0x115] = "CKR_WRAPPING_KEY_TYPE_INCONSISTENT",
        [0x121] = "CKR_RANDOM_NO_RNG",
        [0xE0] = "CKR_TOKEN_NOT_PRESENT",
        [0xE1] = "CKR_TOKEN_NOT_RECOGNIZED",
        [0xE2] = "CKR_TOKEN_WRITE_PROTECTED",
        [UserAlreadyLoggedIn] = "CKR_USER_ALREADY_LOGGED_IN",
        [0x101] = "CKR_USER_NOT_LOGGED_IN",
        [0x102] = "CKR_USER_PIN_NOT_INITIALIZED",
        [0x104] = "CKR_USER_ANOTHER_ALREADY_LOGGED_IN",
        [CryptokiNotInitialized] = "CKR_CRYPTOKI_NOT_INITIALIZED",
        [CryptokiAlreadyInitialized] = "CKR_CRYPTOKI_ALREADY_INITIALIZED",
        [0x200] = "CKR_FUNCTION_REJECTED",
    };

    /// <summary>Whether another login with the same PIN can only do harm.</summary>
    public static bool IsPinRefused(uint code) => code is >= 0xA0 and <= PinLocked or 0x102;

    /// <summary>Whether the same session can never work again in this way: the arguments are at fault, not the state of the token.</summary>
    public static bool IsFinal(uint code) => code is 0x7 or 0x20 or 0x21 or 0x54 or 0x62 or 0x63 or 0x68 or 0x70 or 0x71 or 0x121 || IsPinRefused(code);

    /// <summary>Whether the token's rules are against a key like that, and no fault of its own.</summary>
    public static bool IsForbidden(uint code)
        => code is 0x7 or 0x10 or AttributeSensitive or AttributeTypeInvalid or 0x13 or 0x1B or 0x54 or (>= 0x62 and <= 0x71) or 0xD0 or 0xD1 or (>= 0x110 and <= 0x115) or 0x200;

    public static string Name(uint code) => Names.GetValueOrDefault(code) ?? $"0x{code:X8}";
}
