namespace Kipuka.Pki;

/// <summary>What RFC 9908 3.2 and 3.4 say of attributes that may stand once, with one value.</summary>
internal static class ListRules
{
    /// <summary>The one value of the one attribute of a type; null where there is none.</summary>
    public static ReadOnlyMemory<byte>? Single(IReadOnlyList<CsrAttribute> attributes, string oid, string what)
    {
        List<CsrAttribute> found = [.. attributes.Where(attribute => attribute.Oid == oid && attribute.Values is not null)];
        return found switch
        {
            [] => default(ReadOnlyMemory<byte>?),
            [{ Values: [var value] }] => value,
            [_] => throw new MalformedException($"{what} must have exactly one value (RFC 9908)"),
            _ => throw new MalformedException($"{what} occurs twice (RFC 9908)"),
        };
    }
}
