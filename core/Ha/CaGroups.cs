using Kipuka.Ca;
using Kipuka.Config;
using Microsoft.Extensions.Logging;

namespace Kipuka.Ha;

/// <summary>All groups of a generation, by the id of any member. Immutable, but for what the breakers know.</summary>
internal sealed class CaGroups
{
    /// <summary>A member that <c>weights</c> does not name.</summary>
    private const int UsualWeight = 1;

    private readonly Dictionary<string, CaGroup> byAuthority;

    private CaGroups(IReadOnlyList<CaGroup> groups)
    {
        All = groups;
        byAuthority = groups.SelectMany(group => group.Members, (group, member) => (member.Id, group)).ToDictionary();
    }

    public IReadOnlyList<CaGroup> All { get; }

    public IEnumerable<CaMember> Members => All.SelectMany(group => group.Members);

    /// <summary>The group of the CA that a label names, whichever member that is.</summary>
    /// <exception cref="KeyNotFoundException">No CA has this id; the config room refuses such a label before.</exception>
    public CaGroup Of(string authority) => byAuthority[authority];

    /// <summary>The group of this name; null when there is none.</summary>
    public CaGroup? Named(string group) => All.FirstOrDefault(one => one.Name == group);

    /// <summary>The CA as a member; null when there is none of this id.</summary>
    public CaMember? Find(string authority)
        => byAuthority.TryGetValue(authority, out var group) ? group.Members.First(member => member.Id == authority) : null;

    /// <param name="authorities">Every CA, in configured order.</param>
    /// <param name="config"><c>[ha]</c>; null or not enabled makes every CA a group of its own.</param>
    /// <param name="strategy">Finds the strategy of a name.</param>
    /// <param name="changed">Told of every change of health. Must outlive the generation: a breaker may.</param>
    /// <param name="failovers">What operators force on groups.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="logger">For what strategies do wrong.</param>
    /// <param name="previous">The generation before: a CA whose service was carried over keeps what its breaker knows, a group its turn.</param>
    /// <exception cref="InvalidOperationException">A group names an unknown CA, a CA of another group, or more than 64.</exception>
    public static CaGroups Build(
        IReadOnlyList<GuardedAuthority> authorities,
        HaConfig? config,
        Func<string, GuardedStrategy> strategy,
        Action<HealthChange> changed,
        Failovers failovers,
        TimeProvider clock,
        ILogger logger,
        CaGroups? previous = null)
    {
        var ha = config ?? new HaConfig();
        var left = authorities.ToDictionary(authority => authority.Id);
        List<CaGroup> groups = [];
        foreach (var group in ha.Enabled ? ha.Groups : [])
        {
            var settings = GroupSettings.Of(ha, group);
            CaMember[] members = [.. group.CaIds.Select(id => Member(Take(group, id), settings, group.Weights.GetValueOrDefault(id, UsualWeight)))];
            if (members.Length is 0 or > CaGroup.MostMembers)
            {
                throw new InvalidOperationException($"HA group {group.Name} has {members.Length} CAs; 1 to {CaGroup.MostMembers} can be in a group");
            }
            var name = group.Strategy ?? ha.Strategy;
            groups.Add(new CaGroup(
                group.Name, members, members.Length == 1 ? null : (name, strategy(name)), previous?.Named(group.Name)?.Turns ?? new Turns(), failovers, logger));
        }
        var lone = GroupSettings.Of(ha);
        groups.AddRange(authorities.Where(authority => left.ContainsKey(authority.Id))
            .Select(authority => new CaGroup(authority.Id, [Member(authority, lone, UsualWeight)], null, new Turns(), failovers, logger)));
        return new CaGroups(groups);

        GuardedAuthority Take(HaGroupConfig group, string id) => left.Remove(id, out var authority)
            ? authority
            : throw new InvalidOperationException($"HA group {group.Name} names the CA {id}, which does not exist or is in another group");

        CaMember Member(GuardedAuthority authority, GroupSettings settings, int weight)
            => new(authority, CarryOver(previous, authority, settings) ?? NewBreaker(authority, settings), weight);

        Breaker NewBreaker(GuardedAuthority authority, GroupSettings settings)
        {
            var breaker = new Breaker(authority.Id, settings, clock, Reporter(changed, logger));
            if (!authority.IsConnected) breaker.Trip("it could not be reached at start"); // ruling 54
            return breaker;
        }
    }

    // A listener's fault must reach neither the request nor the check that changed the state. Made apart, so that a breaker, which outlives
    // generations, does not hold the one before with its plugins' code.
    private static Action<HealthChange> Reporter(Action<HealthChange> changed, ILogger logger) => change =>
    {
        try
        {
            changed(change);
        }
        catch (Exception fault)
        {
            logger.LogError(
                fault, "The change of CA {Authority} from {From} to {To} could not be reported.", change.Authority, change.From, change.To);
        }
    };

    private static Breaker? CarryOver(CaGroups? previous, GuardedAuthority authority, GroupSettings settings)
    {
        if (previous?.Find(authority.Id) is not { } before || !ReferenceEquals(before.Authority.Service, authority.Service)) return null;
        return before.Breaker.Settings == settings ? before.Breaker : before.Breaker.With(settings);
    }
}
