namespace Kipuka.Config.Toml;

/// <summary>
/// A document that is not TOML. The message is one sentence without the position, which whoever shows it puts in front.
/// It quotes keys, and of a value never more than one character: values may be secrets.
/// </summary>
internal sealed class TomlException(string file, TomlPosition position, string message) : Exception(message)
{
    public string File { get; } = file;

    public int Line { get; } = position.Line;

    public int Column { get; } = position.Column;
}
