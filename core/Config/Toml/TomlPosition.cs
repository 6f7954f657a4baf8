namespace Kipuka.Config.Toml;

/// <summary>A place in a document. Both count from 1; the column counts Unicode code points, as an editor shows it.</summary>
internal readonly record struct TomlPosition(int Line, int Column)
{
    public override string ToString() => $"{Line}:{Column}";
}
