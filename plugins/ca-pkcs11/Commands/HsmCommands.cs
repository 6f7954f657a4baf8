using System.Globalization;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary>The commands of <c>kipuka hsm</c>. They need a module and a PIN, and no server.</summary>
internal static class HsmCommands
{
    public static void Run(PluginCommandCall call)
    {
        var settings = Settings(call);
        var path = settings.Library?.FullPath
            ?? throw new ArgumentException($"no PKCS#11 module: give --library, or a configuration with [hsm] library; {Providers.WhereToLook()}");
        try
        {
            var module = Module.Load(path, call.Clock);
            module.Begin();
            switch (call.Command)
            {
                case "hsm list":
                    TokenList.Write(module, settings, call.Output);
                    break;
                case "hsm keygen":
                    KeyGeneration.Run(module, settings, call);
                    break;
                default:
                    CertificateCommands.Run(module, settings, call);
                    break;
            }
        }
        catch (CryptokiException fault)
        {
            throw new InvalidOperationException($"{fault.Message}{Providers.Hint(path)}", fault);
        }
    }

    /// <summary>An option that cannot be done without.</summary>
    public static string Needed(PluginCommandCall call, string option)
        => call.Options.TryGetValue(option, out var value) && value.Length > 0 ? value : throw new ArgumentException($"--{option} is missing; see kipuka {call.Command} --help");

    /// <summary>The URI of <c>--key</c>; it names a key, and may name its token.</summary>
    public static Pkcs11Uri Key(PluginCommandCall call)
    {
        var text = Needed(call, "key");
        try
        {
            var uri = Pkcs11Uri.Parse(text);
            return uri.Object is not null || uri.Id is not null ? uri : throw new FormatException("names no key; add object=LABEL or id=%01");
        }
        catch (FormatException fault)
        {
            throw new ArgumentException($"--key \"{text}\" {fault.Message}", fault);
        }
    }

    /// <summary>A session of a token, logged in where a PIN is configured or the token wants one.</summary>
    public static Session Open(Module module, TokenInfo token, ITokenSettings settings, bool readWrite)
    {
        var source = new PinSource(settings);
        using var pin = source.Read();
        var session = Session.Open(module, token, readWrite);
        try
        {
            if (token.Has(Ck.TokenLoginRequired) && (pin is not null || token.Has(Ck.TokenProtectedAuthenticationPath)))
            {
                RefusedPins.Login(module, session, pin, source.Key ?? "the token's keypad");
            }
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // The command line in place of [hsm], key by key; one way to the PIN replaces all others.
    private static HsmSettings Settings(PluginCommandCall call)
    {
        var given = call.Options;
        var settings = given.ContainsKey("library") && !given.ContainsKey("config") ? new HsmSettings() : call.Configured<HsmSettings>("hsm");
        if (given.GetValueOrDefault("library") is { } library)
        {
            settings = settings with { Library = new SettingsPath(Path.GetFullPath(library, call.Folder)) };
        }
        if (given.GetValueOrDefault("token") is { } token)
        {
            settings = settings with { TokenLabel = token, Slot = null };
        }
        if (given.GetValueOrDefault("slot") is { } slot)
        {
            settings = settings with
            {
                Slot = uint.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"--slot {slot} is no number"),
            };
        }
        if (given.GetValueOrDefault("pin_file") is { } file)
        {
            settings = settings with { PinEnv = null, PinFile = new SettingsPath(Path.GetFullPath(file, call.Folder)), Pin = null };
        }
        return given.GetValueOrDefault("pin_env") is { } name ? settings with { PinEnv = name, PinFile = null, Pin = null } : settings;
    }
}
