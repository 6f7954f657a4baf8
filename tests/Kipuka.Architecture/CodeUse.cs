namespace Kipuka.Architecture;

/// <summary>One use that a method's code makes of something.</summary>
/// <param name="Type">The type that contains the code, the outermost one, with its namespace.</param>
/// <param name="Kind">What the code does with it.</param>
/// <param name="Target">The full name of the type (and, for members, the member): <c>System.DateTime.get_UtcNow</c>; of a text, the text.</param>
internal sealed record CodeUse(string Type, UseKind Kind, string Target)
{
    public override string ToString() => $"{Type} uses {Target}";
}

internal enum UseKind
{
    /// <summary>A type is named at all: in a signature, a field, a call.</summary>
    Type,

    /// <summary>A member is called or its address taken.</summary>
    Member,

    /// <summary>An object is made.</summary>
    New,

    /// <summary>A text literal.</summary>
    Text,
}
