using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Which token is meant. Every part that is not null must fit.</summary>
internal sealed record TokenQuery(string? Label = null, string? Serial = null, string? Manufacturer = null, string? Model = null, ulong? Slot = null)
{
    /// <summary>
    /// A URI that names a token means that one, whatever [hsm] says; otherwise <c>hsm_slot</c> beside a URI is the slot, before [hsm]'s.
    /// </summary>
    public static TokenQuery Of(ITokenSettings settings, Pkcs11Uri? uri = null, long? hsmSlot = null)
    {
        if (uri is { NamesToken: true })
        {
            return new TokenQuery(uri.Token, uri.Serial, uri.Manufacturer, uri.Model, uri.Slot ?? (ulong?)hsmSlot);
        }
        return new TokenQuery(settings.TokenLabel, Slot: (ulong?)(hsmSlot ?? settings.Slot));
    }

    /// <exception cref="HsmException">No token fits, or more than one; the message lists those that are there.</exception>
    public TokenInfo Find(Module module)
    {
        var all = module.Tokens();
        var fitting = all.Where(Fits).ToList();
        return fitting switch
        {
            [var token] => token,
            [] => throw new HsmException($"{module.Path}: no token fits {this}; {List(all)}", isSetup: false),
            _ => throw new HsmException($"{module.Path}: more than one token fits {this}; name one with token_label, or with token= or serial= in the key's URI; {List(fitting)}", isSetup: true),
        };
    }

    public override string ToString()
    {
        List<string> parts = [];
        Add("label", Label);
        Add("serial", Serial);
        Add("manufacturer", Manufacturer);
        Add("model", Model);
        Add("slot", Slot?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return parts.Count == 0 ? "(any)" : string.Join(", ", parts);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{name} \"{value}\"");
            }
        }
    }

    // Modules show slots that wait for a token to be made (SoftHSM2 always has one); those are meant by nobody.
    private bool Fits(TokenInfo token) => token.IsInitialized
        && (Slot is null || Slot == token.Slot)
        && (Label is null || Label == token.Label)
        && (Serial is null || Serial == token.Serial)
        && (Manufacturer is null || Manufacturer == token.Manufacturer)
        && (Model is null || Model == token.Model);

    private static string List(IReadOnlyList<TokenInfo> tokens)
    {
        var initialized = tokens.Where(token => token.IsInitialized).ToList();
        return initialized.Count == 0 ? "there is none at all" : $"there are: {string.Join("; ", initialized)}";
    }
}
