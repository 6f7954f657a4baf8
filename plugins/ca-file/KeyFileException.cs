namespace Kipuka.Plugins.CaFile;

/// <summary>A key that cannot be used. The message says which key of the table is wrong and how to mend it; it never holds a secret.</summary>
internal sealed class KeyFileException(string setting, string message) : Exception(message)
{
    public string Setting => setting;
}
