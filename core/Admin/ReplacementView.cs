using Kipuka.Store;

namespace Kipuka.Admin;

/// <summary>Which certificates are to be renewed early, and when: at least one of the first five narrows.</summary>
internal sealed record ReplacementRequest(
    string? Ca,
    string? Label,
    string? Serial,
    string? Subject,
    DateTimeOffset? IssuedBefore,
    DateTimeOffset? Start,
    DateTimeOffset? End,
    string? Reason,
    string? ExplanationUrl);

/// <summary>The windows in force.</summary>
internal sealed record ReplacementList(IReadOnlyList<ReplacementView> Windows);

/// <summary>A window in force.</summary>
internal sealed record ReplacementView(
    Guid Id,
    string? Ca,
    string? Label,
    string? Serial,
    string? Subject,
    DateTimeOffset? IssuedBefore,
    DateTimeOffset Start,
    DateTimeOffset End,
    string Reason,
    string? ExplanationUrl,
    string CreatedBy,
    DateTimeOffset CreatedAt)
{
    public static ReplacementView Of(Replacement replacement) => new(
        replacement.Id,
        replacement.Authority,
        replacement.Label,
        replacement.SerialHex,
        replacement.Subject,
        replacement.IssuedBefore,
        replacement.Start,
        replacement.End,
        replacement.Reason,
        replacement.ExplanationUrl,
        replacement.CreatedBy,
        replacement.Created);
}
