using Kipuka.Ca;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Sdk.Ca;
using Kipuka.Sdk.Ha;
using Microsoft.Extensions.Logging;

namespace Kipuka.Ha;

/// <summary>Makes the groups of CAs of a new generation, and begins to watch them.</summary>
/// <param name="generations">The one before keeps its breakers and certificates for what is carried over.</param>
/// <param name="changed">Told of every change of health.</param>
/// <param name="failovers">What operators force on groups.</param>
/// <param name="last">What each CA was last known by.</param>
/// <param name="clock">The clock.</param>
/// <param name="log">For what operators should know.</param>
internal sealed class CaGroupsBuilder(
    Generations generations, Action<HealthChange> changed, Failovers failovers, LastCertificates last, TimeProvider clock, ILogger<CaGroups> log) : IGenerationPart
{
    public async ValueTask BuildAsync(Generation generation, CancellationToken cancel)
    {
        CaGroups? previous = null;
        _ = generations.Serving?.TryPart(out previous);
        var authorities = await Task.WhenAll(generation.Config.Authorities.Select(config => ConnectAsync(generation, config, previous, cancel)));
        var groups = CaGroups.Build(authorities, generation.Config.Ha, name => Strategy(generation, name), changed, failovers, clock, log, previous);
        generation.Attach(groups);
        generation.Attach(new HealthProber(groups, last, clock));
    }

    private async Task<GuardedAuthority> ConnectAsync(Generation generation, CaConfig config, CaGroups? previous, CancellationToken cancel)
    {
        var instance = generation.Find($"ca:{config.Id}")!;
        var service = instance.As<ICertificateAuthority>()!;
        var before = previous?.Find(config.Id)?.Authority;
        var authority = before is not null && ReferenceEquals(before.Service, service)
            ? before.With(config)
            : new GuardedAuthority(config, instance.Plugin.Name, service, clock);
        try
        {
            await authority.ConnectAsync(cancel);
        }
        catch (AuthorityUnavailableException fault)
        {
            // Ruling 54: it begins with an open circuit; the prober finds out when it is back.
            log.LogError(fault, "{Authority} cannot be reached, so it issues nothing for now: {Reason}", authority.Name, fault.Message);
            await last.RecallAsync(authority, cancel);
            return authority;
        }
        await last.KeepAsync(authority, cancel);
        if (!authority.EndsInRoot)
        {
            log.LogWarning(
                "{Authority}: its chain ends in no self-signed certificate, which clients need (RFC 7030 section 4.1.3); name the root with root = \"...\"",
                authority.Name);
        }
        return authority;
    }

    private static GuardedStrategy Strategy(Generation generation, string name)
        => generation.Find($"ha:{name}") is { } instance
            ? new GuardedStrategy(instance.As<IHaStrategy>()!, instance.Guard)
            : throw new GenerationException($"The strategy {name} is not installed.");
}
