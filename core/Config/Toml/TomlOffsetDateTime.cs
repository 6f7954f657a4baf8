namespace Kipuka.Config.Toml;

/// <summary>An instant. An offset beyond the 14 hours that .NET can hold is turned into UTC: the instant stays the same.</summary>
internal sealed record TomlOffsetDateTime(DateTimeOffset Value, TomlPosition Position) : TomlValue(Position)
{
    public override string TypeName => "offset date-time";
}
