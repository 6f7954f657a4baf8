using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>What the settings name as the key.</summary>
/// <param name="Token">The token that it lies in.</param>
/// <param name="Key">The key on it.</param>
internal sealed record KeyName(TokenQuery Token, KeyQuery Key)
{
    /// <exception cref="FormatException">The <c>key</c> is a URI that cannot be used; the message goes on with "key".</exception>
    public static KeyName Of(Pkcs11CaSettings settings)
    {
        var uri = UriOf(settings);
        return new KeyName(
            TokenQuery.Of(settings, uri, uri is null ? null : settings.HsmSlot),
            KeyQuery.Of(uri, settings.Key, settings.HsmSlot));
    }

    /// <summary>The same for operators.</summary>
    /// <param name="module">The path of the PKCS#11 library.</param>
    /// <param name="found">The token as it was found last, which says more than its name.</param>
    public HardwareKeyLocation In(string module, TokenInfo? found)
        => new(module, (long?)(found?.Slot ?? Token.Slot), found?.Label ?? Token.Label, Key.Label, Key.Id is { } id ? Convert.ToHexStringLower(id.Span) : null);

    /// <exception cref="FormatException">It is one that cannot be used.</exception>
    public static Pkcs11Uri? UriOf(Pkcs11CaSettings settings)
        => settings.Key?.StartsWith(Pkcs11Uri.Scheme, StringComparison.Ordinal) == true ? Pkcs11Uri.Parse(settings.Key) : null;
}
