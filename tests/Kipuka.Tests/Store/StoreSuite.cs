namespace Kipuka.Tests.Store;

/// <summary>Tests that every engine passes. A class for each engine stands in On*.cs.</summary>
public abstract class StoreSuite(StoreEngine engine)
{
    private protected StoreEngine Engine => engine;

    /// <param name="inMemory">The file may be left out, where the engine has one.</param>
    private protected Task<StoreFixture> OpenAsync(bool inMemory = false) => StoreFixture.OpenAsync(engine, inMemory);

    private protected Task<StoreFixture> NotOpenedAsync() => StoreFixture.NotOpenedAsync(engine);
}
