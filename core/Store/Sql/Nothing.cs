namespace Kipuka.Store;

/// <summary>What is held where nothing has to be.</summary>
internal sealed class Nothing : IDisposable
{
    public static Nothing ToRelease { get; } = new();

    public void Dispose()
    {
    }
}
