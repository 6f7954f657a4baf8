using Kipuka.Ca;
using Kipuka.Catalog;

namespace Kipuka.Ha;

/// <summary>The CAs of whatever generation serves, for what no request asks for.</summary>
internal sealed class ServingAuthorities(Generations generations)
{
    /// <summary>False before the first generation and after the stop.</summary>
    public bool Any => generations.Serving is not null;

    /// <summary>Whether somebody has to tell the CA what was revoked: also where it is not known, for then another node may know it.</summary>
    public bool WantsRevocations(string id) => generations.Serving?.Part<CaGroups>().Find(id)?.Authority.TakesRevocations ?? true;

    /// <summary>Uses a CA, whose generation stays whole until that ends.</summary>
    /// <exception cref="InvalidOperationException">No generation serves.</exception>
    public async Task<T> UseAsync<T>(string id, Func<GuardedAuthority?, Task<T>> use)
    {
        using var lease = generations.Enter();
        return await use(lease.Generation.Part<CaGroups>().Find(id)?.Authority);
    }
}
