namespace Kipuka.Catalog;

/// <summary>Why a plugin folder's code may run here.</summary>
internal enum TrustState
{
    /// <summary>It may not.</summary>
    Untrusted,

    /// <summary>It is one of those that were built with this server, byte for byte.</summary>
    Shipped,

    /// <summary><c>[plugins.pins]</c> has its hash.</summary>
    Pinned,

    /// <summary>A publisher of <c>[plugins] publishers</c> has signed it.</summary>
    Signed,

    /// <summary><c>[plugins] unpinned = true</c> lets anything in.</summary>
    Unpinned,
}

/// <summary>What is known about a folder.</summary>
/// <param name="State">Whether, and why, its code may run.</param>
/// <param name="Detail">The publisher of a signed one; of an untrusted one what is wrong and what to do; null otherwise.</param>
internal sealed record TrustVerdict(TrustState State, string? Detail = null)
{
    public bool MayRun => State != TrustState.Untrusted;

    /// <summary>For people and the admin API: <c>pinned</c>.</summary>
    public string Word => State.ToString().ToLowerInvariant();
}
