namespace Kipuka.Config.Toml;

/// <summary>A date and time without an offset; its kind is <see cref="DateTimeKind.Unspecified"/>.</summary>
internal sealed record TomlLocalDateTime(DateTime Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "local date-time";
}
