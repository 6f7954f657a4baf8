using Kipuka.Ca;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Enroll;
using Kipuka.Ha;
using Kipuka.Store;
using Kipuka.Tests.Catalog;
using Kipuka.Tests.Ha;
using Kipuka.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Enroll;

/// <summary>Revocations and the telling of CAs, beside a store.</summary>
internal static class Notices
{
    /// <summary>Where no CA serves yet.</summary>
    public static Revocations Revocations(StoreFixture store) => Revocations(store, TestServices.Generations(), new ManualTime()).Revocations;

    public static (Revocations Revocations, RevocationNotifier Notifier) Revocations(StoreFixture store, Generations generations, TimeProvider time)
    {
        var authorities = new ServingAuthorities(generations);
        var notifier = new RevocationNotifier(
            new RevocationNotices(store.Database, store.Journal), store.Ledger, authorities, time, NullLogger<RevocationNotifier>.Instance);
        return (new Revocations(store.Ledger, authorities, notifier, store.Clock), notifier);
    }

    /// <summary>A generation with these CAs.</summary>
    public static async Task<Generations> ServeAsync(TimeProvider time, params GuardedAuthority[] authorities)
    {
        var generations = TestServices.Generations();
        var generation = new Generation(1, new KipukaConfig(), []);
        generation.Attach(CaGroups.Build(
            authorities, null, _ => throw new InvalidOperationException(), _ => { }, new Failovers(new MemoryStore(time), time), time, NullLogger.Instance));
        await generations.SwapAsync(generation, TimeSpan.FromMinutes(1));
        return generations;
    }
}
