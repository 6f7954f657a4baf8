namespace Kipuka.Config.Toml;

internal sealed record TomlLocalTime(TimeOnly Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "local time";
}
