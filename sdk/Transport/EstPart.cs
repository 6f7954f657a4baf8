namespace Kipuka.Sdk.Transport;

/// <summary>A part of a response.</summary>
public sealed class EstPart : IDisposable
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Secret? secret;

    /// <summary>A part that anybody may see.</summary>
    public EstPart(EstContent content, ReadOnlyMemory<byte> bytes) => (Content, this.bytes) = (content, bytes);

    /// <summary>A part that is zeroed with the response; the part owns the secret.</summary>
    public EstPart(EstContent content, Secret secret) => (Content, this.secret) = (content, secret);

    /// <summary>What it is.</summary>
    public EstContent Content { get; }

    /// <summary>The bytes. Do not keep a copy.</summary>
    /// <exception cref="ObjectDisposedException">The part was secret and has been disposed.</exception>
    public ReadOnlySpan<byte> Bytes => secret is null ? bytes.Span : secret.Reveal();

    /// <summary>Zeroes the bytes when they are secret.</summary>
    public void Dispose() => secret?.Dispose();

    /// <summary>The content; never the bytes.</summary>
    public override string ToString() => $"{Content}";
}
