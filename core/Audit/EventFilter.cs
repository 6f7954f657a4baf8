using Kipuka.Policy;
using Kipuka.Sdk.Audit;

namespace Kipuka.Audit;

/// <summary><c>[audit] events</c>: dotted names, NIAP names, globs such as <c>auth.*</c>, and the short words. Nothing listed lets all pass.</summary>
internal sealed class EventFilter(IReadOnlyList<string> events)
{
    private readonly string[] _patterns = [.. events.SelectMany(word => EventNames.Expand(word) ?? [word])];

    public bool Passes(AuditEvent record)
        => _patterns.Length == 0
            || Array.Exists(_patterns, pattern => Glob.Matches(pattern, record.Name) || pattern.Equals(record.Niap, StringComparison.Ordinal));
}
