namespace Kipuka.Interop;

/// <summary>A token with a CA's key, behind a module that does on the way what a test says.</summary>
public abstract class FaultyToken : IAsyncLifetime, IDisposable
{
    /// <summary>The token, with the faults.</summary>
    private protected SoftHsm Token { get; } = new();

    /// <summary>The module's file.</summary>
    private protected string Module { get; private set; } = "";

    public async Task InitializeAsync()
    {
        await Token.MakeAuthorityAsync();
        Module = await Token.BuildFaultModuleAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        Token.Dispose();
        GC.SuppressFinalize(this);
    }
}
