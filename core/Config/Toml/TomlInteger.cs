namespace Kipuka.Config.Toml;

internal sealed record TomlInteger(long Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "integer";
}
