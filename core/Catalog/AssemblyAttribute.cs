using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Kipuka.Catalog;

/// <summary>One attribute of the SDK on an assembly, decoded. Types are their names.</summary>
/// <param name="Type">The attribute's full name.</param>
/// <param name="Value">Its arguments.</param>
internal sealed record AssemblyAttribute(string Type, CustomAttributeValue<string> Value)
{
    /// <summary>A positional argument; empty for null.</summary>
    public string Text(int index) => Value.FixedArguments.ElementAtOrDefault(index).Value as string ?? "";

    /// <summary>A named argument; empty when it is not given.</summary>
    public string Named(string name) => Value.NamedArguments.FirstOrDefault(argument => argument.Name == name).Value as string ?? "";

    /// <summary>A named argument that is an array of texts; empty when it is not given.</summary>
    public IReadOnlyList<string> Texts(string name)
        => Value.NamedArguments.FirstOrDefault(argument => argument.Name == name).Value
            is ImmutableArray<CustomAttributeTypedArgument<string>> { IsDefault: false } items
            ? [.. items.Select(item => item.Value as string ?? "")]
            : [];
}
