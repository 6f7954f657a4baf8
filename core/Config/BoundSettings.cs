namespace Kipuka.Config;

/// <summary>A settings record filled from kipuka.toml.</summary>
/// <param name="Value">The record.</param>
/// <param name="Hash">SHA-256 over the expanded values and the bytes of every file named (ruling 58): equal means no restart.</param>
/// <param name="Secrets">What <see cref="Dispose"/> zeroes.</param>
internal sealed record BoundSettings(object Value, ReadOnlyMemory<byte> Hash, IReadOnlyList<IDisposable> Secrets) : IDisposable
{
    /// <summary>Zeroes the secrets. The record must not be used afterwards.</summary>
    public void Dispose()
    {
        foreach (var secret in Secrets) secret.Dispose();
    }

    /// <summary>Never the values.</summary>
    public override string ToString() => $"settings of {Value.GetType().Name}";
}
