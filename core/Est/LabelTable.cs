using System.Collections.Frozen;

namespace Kipuka.Est;

/// <summary>The labels of a generation.</summary>
internal sealed class LabelTable(EstLabel? unlabelled, IEnumerable<EstLabel> labels)
{
    private readonly FrozenDictionary<string, EstLabel> _labels = labels.ToFrozenDictionary(label => label.Name, StringComparer.Ordinal);

    public EstLabel? Find(string? name) => name is null ? unlabelled : _labels.GetValueOrDefault(name);
}
