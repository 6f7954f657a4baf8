namespace Kipuka.Testing;

/// <summary>A Galera cluster of two MariaDB servers. The second may be killed; the first outweighs it and goes on.</summary>
public sealed class GaleraHost : IAsyncDisposable
{
    private GaleraHost(MariaHost first, MariaHost second) => (First, Second) = (first, second);

    public MariaHost First { get; }

    public MariaHost Second { get; }

    public static async Task<GaleraHost> CreateAndStartAsync()
    {
        var member = new GaleraMember(first: null);
        var first = await MariaHost.CreateAndStartAsync(member);
        try
        {
            return new GaleraHost(first, await MariaHost.CreateAndStartAsync(new GaleraMember(member), first.Password));
        }
        catch
        {
            await first.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Second.DisposeAsync();
        await First.DisposeAsync();
    }
}
