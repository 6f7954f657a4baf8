using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>What can be judged of the settings without loading the module, which would run its code.</summary>
internal static class SettingsCheck
{
    public static IEnumerable<SettingsProblem> Of(Pkcs11CaSettings settings)
        => settings.CheckCertificates().Concat(Library(settings)).Concat(Key(settings)).Concat(Pin(settings));

    private static IEnumerable<SettingsProblem> Library(Pkcs11CaSettings settings)
    {
        if (settings.Library is not { } library)
        {
            yield return new SettingsProblem("library", $"is missing: it names the PKCS#11 module of the HSM's vendor; {Providers.WhereToLook()}");
        }
        else if (!File.Exists(library.FullPath))
        {
            yield return new SettingsProblem("library", $"{library.FullPath} does not exist; {Providers.WhereToLook(library.FullPath)}");
        }
        else if (Providers.Of(library.FullPath) is { MaxSessions: { } most } provider && settings.MaxSessions > most)
        {
            yield return Warning("max_sessions", $"is {settings.MaxSessions}, and {provider.Name} has {most} sessions for all its users");
        }
    }

    private static IEnumerable<SettingsProblem> Key(Pkcs11CaSettings settings)
    {
        Pkcs11Uri? uri = null;
        string? wrong = null;
        try
        {
            uri = KeyName.UriOf(settings);
        }
        catch (FormatException fault)
        {
            wrong = fault.Message;
        }
        if (wrong is not null)
        {
            yield return new SettingsProblem("key", $"\"{settings.Key}\" {wrong}");
        }
        else if (uri is not null)
        {
            if (uri.Object is null && uri.Id is null)
            {
                yield return new SettingsProblem("key", $"\"{settings.Key}\" names no key; add object=LABEL or id=%01 (RFC 7512)");
            }
            if (uri.Slot is { } slot && settings.HsmSlot is { } other && (ulong)other != slot)
            {
                yield return new SettingsProblem("hsm_slot", $"says slot {other}, and the key's URI says slot {slot}; keep the URI's");
            }
        }
        else if (settings.HsmSlot is { } id)
        {
            if (id > byte.MaxValue)
            {
                yield return new SettingsProblem("hsm_slot", $"stands for a CKA_ID of one byte, 0 to 255, not {id}; name the key with key = \"pkcs11:id=%..;...\"");
            }
            if (settings.Key is not null)
            {
                yield return new SettingsProblem("key", "is not used, since hsm_slot names the key in the HSM; remove it, or name the key by a pkcs11: URI") { IsWarning = true };
            }
        }
        else if (settings.Key is null)
        {
            yield return new SettingsProblem("key", "is missing: name the key with key = \"pkcs11:token=LABEL;object=LABEL\" or hsm_slot = 1 (its CKA_ID)");
        }
    }

    private static IEnumerable<SettingsProblem> Pin(Pkcs11CaSettings settings)
    {
        if (settings is { PinEnv: { } name })
        {
            if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)))
            {
                // A warning: whoever checks a configuration need not have the server's environment.
                yield return Warning("pin_env", $"the environment variable {name} is not set here; the server needs it");
            }
        }
        else if (settings is { PinFile: { } file })
        {
            if (!File.Exists(file.FullPath))
            {
                yield return new SettingsProblem("pin_file", $"{file.FullPath} does not exist; put the PIN on its first line");
            }
            else if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.FullPath) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0)
            {
                yield return new SettingsProblem("pin_file", $"{file.FullPath} can be read or changed by everybody; chmod 600 it");
            }
        }
        else if (settings is { Pin: not null })
        {
            yield return Warning("pin", "stands in the configuration, which is for development only; use pin_env or pin_file");
        }
    }

    private static SettingsProblem Warning(string key, string message) => new(key, message) { IsWarning = true };
}
