using System.Security.Cryptography;

namespace Kipuka.Conformance;

/// <summary>A server that makes keys and always encrypts them (ruling 42's default).</summary>
public class KeyServer : EstServer
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public const string DecryptKeyId = "device-keys-7";

    /// <summary>What <see cref="DecryptKeyId"/> names, at the client's side.</summary>
    public byte[] DecryptKey { get; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Named by the bytes 01 02 03.</summary>
    public byte[] OtherDecryptKey { get; } = RandomNumberGenerator.GetBytes(32);

    protected virtual string Encryption => "";

    /// <summary>The audit records so far; the server may be writing more of them.</summary>
    public async Task<string> ReadAuditAsync()
    {
        // What was asked for last is written last.
        var marker = $"marker-{Guid.NewGuid():N}";
        await Kipuka.CreatePasswordAsync(marker);
        using var limit = new CancellationTokenSource(Limit);
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                var text = await File.ReadAllTextAsync(Path.Combine(Kipuka.Folder, "audit.jsonl"));
                if (text.Contains(marker, StringComparison.Ordinal))
                {
                    return text;
                }
            }
            catch (IOException)
            {
                // The server holds its lock while it appends.
            }
            await Task.Yield();
        }
    }

    protected override ServerSetup Setup => new()
    {
        More = $"""
            [est.serverkeygen]
            {Encryption}
            [[est.serverkeygen.decrypt_key]]
            id = "{DecryptKeyId}"
            key_file = "device.kek"
            [[est.serverkeygen.decrypt_key]]
            id = "hex:010203"
            key = "${"{"}OTHER_KEK{"}"}"
            [[est.label]]
            name = "p256"
            ca_id = "default"
            require_san = false
            allowed_key_types = ["ecdsa-p256"]
            [[est.label]]
            name = "watched"
            ca_id = "default"
            require_san = false
            approval = "manual"
            [audit]
            file = "audit.jsonl"
            """,
        Files = new Dictionary<string, string> { ["device.kek"] = Convert.ToHexStringLower(DecryptKey) + "\n" },
        Environment = new Dictionary<string, string?> { ["OTHER_KEK"] = Convert.ToBase64String(OtherDecryptKey), ["KIPUKA_LOG"] = "trace" },
    };
}

/// <summary>A server that encrypts keys only when asked to, as RFC 7030 has it.</summary>
public sealed class OpenKeyServer : KeyServer
{
    protected override string Encryption => "encryption = \"on-request\"";
}
