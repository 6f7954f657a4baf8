using System.Text;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary><c>kipuka hsm list</c>.</summary>
internal static class TokenList
{
    private static readonly (uint Class, string Name)[] Kinds = [(Ck.ClassPrivateKey, "private key"), (Ck.ClassPublicKey, "public key"), (Ck.ClassCertificate, "certificate")];

    public static void Write(Module module, ITokenSettings settings, TextWriter output)
    {
        output.WriteLine($"Module {module.Path}: {module.Use(library => library.Describe())}");
        var tokens = module.Tokens();
        if (tokens.Count == 0)
        {
            output.WriteLine("No slot holds a token.");
        }
        foreach (var token in tokens)
        {
            if (!token.IsInitialized)
            {
                output.WriteLine($"Slot 0x{token.Slot:x} ({token.Slot}): a token that is not initialised");
                continue;
            }
            output.WriteLine($"Slot 0x{token.Slot:x} ({token.Slot}): token \"{token.Label}\"");
            output.WriteLine($"  serial {token.Serial}, {token.Manufacturer}, {token.Model}, sessions {Limit(token.MaxSessions)}{PinState(token)}");
            if ((settings.TokenLabel is null || settings.TokenLabel == token.Label) && (settings.Slot is null || (ulong)settings.Slot == token.Slot))
            {
                WriteObjects(module, token, settings, output);
            }
        }
    }

    private static void WriteObjects(Module module, TokenInfo token, ITokenSettings settings, TextWriter output)
    {
        using var session = HsmCommands.Open(module, token, settings, readWrite: false);
        if (!session.IsLoggedIn && token.Has(Ck.TokenLoginRequired))
        {
            output.WriteLine("  (not logged in, so private keys are not shown: give --pin-env or --pin-file)");
        }
        foreach (var (kind, name) in Kinds)
        {
            foreach (var found in session.Find(new Template().Add(Ck.AttributeClass, kind)))
            {
                var label = Encoding.UTF8.GetString(session.Attribute(found, Ck.AttributeLabel) ?? []);
                var id = session.Attribute(found, Ck.AttributeId);
                output.WriteLine($"  {name,-11} id {KeyQuery.Hex(id),-6} label \"{label}\"{Kind(session, found)}");
                if (kind == Ck.ClassPrivateKey)
                {
                    output.WriteLine($"              {new Pkcs11Uri { Token = token.Label, Object = label.Length > 0 ? label : null, Id = id is { Length: > 0 } ? id : default(ReadOnlyMemory<byte>?) }}");
                }
            }
        }
    }

    private static string Kind(Session session, ulong found)
    {
        var type = session.Number(found, Ck.AttributeKeyType);
        return type switch
        {
            null => "",
            Ck.KeyTypeRsa => session.Attribute(found, Ck.AttributeModulus) is { } modulus ? $", RSA {modulus.Length * 8} bits" : ", RSA",
            Ck.KeyTypeEc => $", EC {PublicKeys.CurveName(session.Attribute(found, Ck.AttributeEcParameters))}",
            Ck.KeyTypeMlDsa => MlDsaKeys.Read(session, found) is { } key ? $", {MlDsaKeys.SetOf(key)!.Name}" : ", ML-DSA",
            _ => $", key type 0x{type:x}",
        };
    }

    private static string PinState(TokenInfo token)
        => token.Has(Ck.TokenUserPinLocked) ? ", PIN LOCKED"
            : token.Has(Ck.TokenUserPinFinalTry) ? ", ONE TRY for the PIN left"
            : token.Has(Ck.TokenUserPinCountLow) ? ", the last PIN was wrong"
            : "";

    private static string Limit(ulong sessions) => sessions == ulong.MaxValue ? "unlimited" : $"at most {sessions}";
}
