namespace Kipuka.Config.Toml;

internal sealed record TomlBoolean(bool Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "boolean";
}
