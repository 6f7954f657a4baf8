using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[est.serverkeygen]</c>, or <c>serverkeygen = true</c> for nothing but <see cref="Enabled"/>.</summary>
internal sealed record ServerKeyGenConfig
{
    public bool Enabled { get; init; }

    /// <summary>Ruling 42: <c>on-request</c> sends keys in the clear to whoever does not ask otherwise.</summary>
    [Setting(OneOf = ["required", "on-request"])]
    public string Encryption { get; init; } = "required";

    /// <summary>What is made; null: what the key in the request is.</summary>
    public string? KeyType { get; init; }

    [Setting(Key = "decrypt_key")]
    public IReadOnlyList<DecryptKeyConfig> DecryptKeys { get; init; } = [];
}
