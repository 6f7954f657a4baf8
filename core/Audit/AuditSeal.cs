using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Store;

namespace Kipuka.Audit;

/// <summary>What a generation's <c>[audit]</c> says about signing the journal, made ready.</summary>
/// <remarks>
/// Not disposed with its generation: the last anchor is made when no generation serves any more. A key goes when nothing refers to it, and
/// OpenSSL clears what it frees.
/// </remarks>
/// <param name="Key">Signs; null when no key is configured.</param>
/// <param name="Trusted">The keys whose signatures count.</param>
/// <param name="Interval">The longest time between two anchors.</param>
/// <param name="ArchiveDirectory">Where archives go; null when nowhere.</param>
internal sealed record AuditSeal(AuditKey? Key, IReadOnlyList<AuditKey> Trusted, TimeSpan Interval, string? ArchiveDirectory)
{
    public SealCheck? Check => AuditKey.CheckBy(Trusted);

    /// <exception cref="InvalidDataException">A key cannot be used; the message begins with the setting's name.</exception>
    public static AuditSeal Of(AuditConfig config)
    {
        var own = config.AnchorKey is { } file ? Read("anchor_key", file.Path, file.Content.Reveal(), wantsPrivate: true) : null;
        List<AuditKey> trusted = own is null ? [] : [own];
        foreach (var other in config.AnchorTrust)
        {
            trusted.Add(Read("anchor_trust", other.Path, other.Bytes.Span, wantsPrivate: false));
        }
        return new AuditSeal(own, trusted, config.AnchorInterval, config.ArchiveDirectory?.FullPath);
    }

    private static AuditKey Read(string setting, string path, ReadOnlySpan<byte> bytes, bool wantsPrivate)
    {
        try
        {
            return AuditKey.Read(bytes, wantsPrivate);
        }
        catch (InvalidDataException fault)
        {
            throw new InvalidDataException($"[audit] {setting}: {path} {fault.Message}", fault);
        }
    }
}

/// <summary>Reads the keys of a new generation.</summary>
internal sealed class AuditSealBuilder : IGenerationPart
{
    public ValueTask BuildAsync(Generation generation, CancellationToken cancel)
    {
        try
        {
            generation.Attach(AuditSeal.Of(generation.Config.Audit));
            return ValueTask.CompletedTask;
        }
        catch (InvalidDataException fault)
        {
            throw new GenerationException(fault.Message);
        }
    }
}
