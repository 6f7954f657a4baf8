namespace Kipuka.Config.Toml.Reading;

/// <summary>What keeps a hostile document from costing more than its size: neither memory nor the stack grows beyond these.</summary>
internal static class Limits
{
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>How many tables and arrays may enclose a value; the root is not counted.</summary>
    public const int MaxDepth = 100;

    public static void CheckSize(int bytes, string file)
    {
        if (bytes > MaxBytes)
        {
            throw new TomlException(file, new TomlPosition(1, 1), $"the document has {bytes} bytes, but at most {MaxBytes} are allowed");
        }
    }

    public static void CheckDepth(int depth, string file, TomlPosition position)
    {
        if (depth > MaxDepth)
        {
            throw new TomlException(file, position, $"tables and arrays are nested deeper than {MaxDepth} levels");
        }
    }
}
