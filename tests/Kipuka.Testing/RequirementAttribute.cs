namespace Kipuka.Testing;

/// <summary>What a standard demands, and this test proves. docs/rfc-support.md has a table of them, made from these.</summary>
/// <param name="standard">Such as <c>RFC 7030</c>.</param>
/// <param name="section">Such as <c>4.2.2</c>.</param>
/// <param name="level">How strongly.</param>
/// <param name="text">The demand in one sentence of our own.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RequirementAttribute(string standard, string section, Level level, string text) : Attribute
{
    public string Standard => standard;

    public string Section => section;

    public Level Level => level;

    public string Text => text;
}

/// <summary>The key words of RFC 2119.</summary>
public enum Level
{
    Must,
    Should,
    May,
}
