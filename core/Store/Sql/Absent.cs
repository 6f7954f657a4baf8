namespace Kipuka.Store;

/// <summary>A NULL whose type an engine could not tell from the statement.</summary>
internal static class Absent
{
    public static OfBytes Bytes { get; } = new();

    internal sealed record OfBytes;
}
