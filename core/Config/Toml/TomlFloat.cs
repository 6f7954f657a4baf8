namespace Kipuka.Config.Toml;

internal sealed record TomlFloat(double Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "float";
}
