namespace Kipuka.Config.Toml;

internal sealed record TomlString(string Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "string";
}
