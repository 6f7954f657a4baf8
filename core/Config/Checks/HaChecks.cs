namespace Kipuka.Config.Checks;

/// <summary><c>[ha]</c> and <c>[[ha.group]]</c> (ruling 21).</summary>
internal static class HaChecks
{
    private const string Strategies = "active-passive, round-robin, weighted, latency-based";

    /// <summary>The name that a strategy goes by.</summary>
    public static string Canonical(string strategy) => strategy == "active-active" ? "round-robin" : strategy;

    public static void Run(CheckReport report, KipukaConfig config)
    {
        if (config.Ha is not { } ha) return;
        Strategy(report, ha.Strategy, "ha.strategy");
        report.Distinct("group", ha.Groups.Select((group, i) => ((string?)group.Name, $"ha.group[{i}].name")));
        string[] authorities = [.. config.Authorities.Select(ca => ca.Id).Where(id => id is not null)];
        Dictionary<string, string> groupOf = new(StringComparer.Ordinal);
        foreach (var (group, i) in ha.Groups.Select((group, i) => (group, i)))
        {
            var path = $"ha.group[{i}]";
            Strategy(report, group.Strategy, $"{path}.strategy");
            if (group.CaIds is { Count: 0 })
            {
                report.Fail("bad-value", $"{path}.ca_ids", "is empty; name the CAs of the group, the preferred one first");
            }

            foreach (var (ca, at) in report.Items(group.CaIds, $"{path}.ca_ids"))
            {
                if (!authorities.Contains(ca)) report.Dangling(at, "[[ca]]", ca, authorities);
                if (groupOf.TryAdd(ca, path)) continue;
                var inSame = groupOf[ca] == path;
                report.Fail("duplicate-name", at, inSame
                    ? "is in this group already; name each CA once"
                    : "is in another group too; a CA can be in one only");
            }

            Weights(report, group, path);
        }
    }

    private static void Weights(CheckReport report, HaGroupConfig group, string path)
    {
        foreach (var (ca, weight) in group.Weights)
        {
            var at = ConfigPath.Combine($"{path}.weights", ca);
            if (group.CaIds is { } members && !members.Contains(ca)) report.Dangling(at, "member of the group", ca, members);
            if (weight is < 0 or > 1_000_000) report.Fail("bad-value", at, "must be from 0 to 1000000");
        }

        if (group.Weights.Count > 0 && group.Weights.Values.All(w => w == 0))
        {
            report.Fail("bad-value", $"{path}.weights", "are all 0, so no CA would get a request; give one more than 0");
        }
    }

    // Whether any other name is a strategy's is known only where plugins are: somebody may have written one.
    private static void Strategy(CheckReport report, string? strategy, string path)
    {
        if (strategy == "least-connections")
        {
            report.Fail("bad-value", path, $"least-connections is not a strategy of kipuka; choose one of {Strategies}");
        }
    }
}
