namespace Kipuka.Config.Toml;

/// <summary>An array; one made of <c>[[name]]</c> headers is the same as one that lists its tables between brackets.</summary>
internal sealed record TomlArray(IReadOnlyList<TomlValue> Items, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "array";
}
