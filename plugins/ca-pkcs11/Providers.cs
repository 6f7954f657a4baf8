namespace Kipuka.Plugins.CaPkcs11;

/// <summary>The vendors' modules, as data: for messages and for docs/plugins/ca-pkcs11.md, which a test compares with it.</summary>
internal static class Providers
{
    public static IReadOnlyList<Provider> All { get; } =
    [
        new("Entrust nShield", "cknfast", ["/opt/nfast/toolkits/pkcs11/libcknfast.so"], [], 256,
            "The Security World has to be initialised and the module operational; the server's user belongs to the group nfast. Module-protected keys have no login."),
        new("Utimaco CryptoServer", "cs_pkcs11", ["/opt/utimaco/lib/libcs_pkcs11_R3.so", "/usr/lib/utimaco/libcs_pkcs11_R3.so"], [], 128,
            "CS_PKCS11_R3_CFG names its configuration file, in the environment of the server too."),
        new("Thales Luna", "Cryptoki2", ["/usr/safenet/lunaclient/lib/libCryptoki2_64.so"], ["/usr/safenet/lunaclient/lib/libCryptoki2.dylib", "/usr/local/lib/libCryptoki2.dylib"], 64,
            "The client is registered with the partition before the start. Set the partition's idle session timeout to 0, or longer than the health check's interval. Clients' keys leave it only where the partition's policy allows wrapping private keys; else hsm_random = false."),
        new("AWS CloudHSM", "cloudhsm", ["/opt/cloudhsm/lib/libcloudhsm_pkcs11.so"], [], 1024,
            "The PIN is USER:PASSWORD of a crypto user."),
        new("YubiHSM 2", "yubihsm", ["/usr/lib/x86_64-linux-gnu/pkcs11/yubihsm_pkcs11.so"], ["/usr/local/lib/pkcs11/yubihsm_pkcs11.dylib"], 16,
            "The PIN is the number of the authentication key in four hexadecimal digits and its password. YUBIHSM_PKCS11_CONF names its configuration. All CAs and other users share 16 sessions. Clients' keys leave it only under its own wrapping: hsm_random = false."),
        new("Kryoptic", "kryoptic", ["/usr/lib/pkcs11/libkryoptic_pkcs11.so", "/usr/lib/kryoptic/libkryoptic_pkcs11.so"], ["/usr/local/lib/libkryoptic_pkcs11.dylib"], null,
            "Software: for development and tests. KRYOPTIC_CONF names its configuration."),
        new("SoftHSM2", "softhsm2", ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so"], ["/usr/local/lib/softhsm/libsofthsm2.so"], null,
            "Software: for development and tests. SOFTHSM2_CONF names its configuration. It sees a token that came back only after a restart of the module, which the plugin does on its own."),
    ];

    /// <summary>The product that a module belongs to, by its file name.</summary>
    public static Provider? Of(string path) => All.FirstOrDefault(provider => Path.GetFileName(path).Contains(provider.FileName, StringComparison.OrdinalIgnoreCase));

    /// <summary>A sentence for who has no module, or a wrong path: what is installed here, or else where modules usually are.</summary>
    public static string WhereToLook(string? path = null)
    {
        var installed = All.SelectMany(Paths, (provider, file) => (provider, file)).Where(place => File.Exists(place.file)).ToList();
        if (installed.Count > 0)
        {
            return $"here there are {string.Join(", ", installed.Select(place => $"{place.file} ({place.provider.Name})"))}";
        }
        var likely = path is not null && Of(path) is { } known ? [known] : All;
        return $"usual paths are {string.Join(", ", likely.SelectMany(Paths, (provider, file) => $"{file} ({provider.Name})"))}";
    }

    /// <summary>The product's note, as a further sentence of a message; empty for unknown modules.</summary>
    public static string Hint(string path) => Of(path) is { } provider ? $" ({provider.Name}: {provider.Note})" : "";

    private static IEnumerable<string> Paths(Provider provider) => OperatingSystem.IsMacOS() ? provider.MacOs : provider.Linux;
}
