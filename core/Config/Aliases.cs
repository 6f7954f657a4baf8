namespace Kipuka.Config;

/// <summary>The core's old and other spellings.</summary>
internal static class Aliases
{
    public static void Apply(ConfigDocument document, ConfigProblems problems)
    {
    }
}
