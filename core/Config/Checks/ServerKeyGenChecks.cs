using Kipuka.Pki;

namespace Kipuka.Config.Checks;

/// <summary><c>[est.serverkeygen]</c>.</summary>
internal static class ServerKeyGenChecks
{
    public static void Run(CheckReport report, ServerKeyGenConfig config)
    {
        if (config.KeyType is { } name) Type(report, name);
        report.Distinct("decrypt key", config.DecryptKeys.Select((key, i) => ((string?)key.Id, $"est.serverkeygen.decrypt_key[{i}].id")));
        foreach (var (key, i) in config.DecryptKeys.Select((key, i) => (key, i))) DecryptKey(report, key, $"est.serverkeygen.decrypt_key[{i}]");
    }

    private static void Type(CheckReport report, string name)
    {
        if (!KeyType.TryParse(name, out var type) || !GeneratedKey.CanMake(type))
        {
            report.Fail("bad-value", "est.serverkeygen.key_type", $"is no key that this server makes; it makes {string.Join(", ", KeyType.Supported)}");
        }
    }

    private static void DecryptKey(CheckReport report, DecryptKeyConfig key, string path)
    {
        if (key.Id is not null && key.Identifier() is null) report.Fail("bad-value", $"{path}.id", "has no pairs of hex digits after hex:");
        switch (key)
        {
            // A file that could not be read has been reported.
            case { Key: null, KeyFile: null } when !report.Has($"{path}.key") && !report.Has($"{path}.key_file"):
                report.Fail("missing-key", path, "has no key: give key (such as \"${DEVICE_KEY}\") or key_file");
                break;
            case { Key: not null, KeyFile: not null }:
                report.Fail("duplicate-key", $"{path}.key_file", "means the same as key; keep one of the two");
                break;
            case { Key: not null } or { KeyFile: not null }:
                using (var opened = key.Open())
                {
                    if (opened is null)
                    {
                        report.Fail("bad-value", key.Key is null ? $"{path}.key_file" : $"{path}.key",
                            "holds no key of 32 bytes in hex or base64; make one with: openssl rand -hex 32");
                    }
                }
                break;
        }
    }
}
