using System.Net;

namespace Kipuka.Store;

/// <summary>Which records to list; what is null does not narrow.</summary>
internal sealed record AuditFilter
{
    /// <summary>The most words of <see cref="Events"/> and <see cref="Niap"/> each.</summary>
    public const int MostWords = 64;

    /// <summary>Dotted names, or globs of them; a record passes with any of these or of <see cref="Niap"/>.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>NIAP names.</summary>
    public IReadOnlyList<string> Niap { get; init; } = [];

    /// <summary>The detail <c>operation</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Part of the subject's text, without regard to the case of ASCII letters.</summary>
    public string? Subject { get; init; }

    /// <summary>Part of the actor, likewise.</summary>
    public string? Actor { get; init; }

    /// <summary>The CA's id.</summary>
    public string? Authority { get; init; }

    public string? Label { get; init; }

    /// <summary>Lower-case hex.</summary>
    public string? Serial { get; init; }

    public IPAddress? Source { get; init; }

    public string? Node { get; init; }

    public bool? Success { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? End { get; init; }
}
