using System.Globalization;
using System.Text.RegularExpressions;

namespace Kipuka.Conformance;

/// <summary>Reads Prometheus' text format 0.0.4 as strictly as its own checker: what is not allowed throws.</summary>
internal sealed partial class PrometheusSamples
{
    private readonly Dictionary<string, double> _samples = [];
    private readonly Dictionary<string, string> _types = [];

    public PrometheusSamples(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        string? family = null;
        HashSet<string> finished = [];
        foreach (var line in text.Split('\n')[..^1])
        {
            if (Comment().Match(line) is { Success: true } comment)
            {
                var name = comment.Groups["name"].Value;
                if (name != family)
                {
                    Assert.True(finished.Add(name), $"the samples of {name} stand in one place");
                    family = name;
                }
                if (comment.Groups["word"].Value == "TYPE")
                {
                    Assert.True(_types.TryAdd(name, comment.Groups["rest"].Value), line);
                    Assert.Contains(comment.Groups["rest"].Value, (string[])["counter", "gauge", "histogram"]);
                }
                continue;
            }
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"no sample: {line}");
            Assert.True(Belongs(sample.Groups["name"].Value, family), $"{line} stands under {family}");
            Assert.True(_samples.TryAdd(line[..line.LastIndexOf(' ')], Value(sample.Groups["value"].Value)), $"twice: {line}");
        }
        foreach (var (name, type) in _types)
        {
            Assert.True(type != "counter" || name.EndsWith("_total", StringComparison.Ordinal), $"the counter {name} does not end in _total");
            if (type == "histogram")
            {
                CheckBuckets(name);
            }
        }
    }

    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>The sum of the samples of a name that carry all these labels.</summary>
    public double Sum(string name, params string[] labels) => _samples
        .Where(sample => sample.Key == name || sample.Key.StartsWith(name + "{", StringComparison.Ordinal))
        .Where(sample => labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
        .Sum(sample => sample.Value);

    private bool Belongs(string name, string? family)
        => family is not null && (name == family || (_types[family] == "histogram" && name is var part && (part == family + "_bucket" || part == family + "_sum" || part == family + "_count")));

    // Each series of buckets grows, and ends in +Inf with what _count says.
    private void CheckBuckets(string name)
    {
        var series = _samples.Where(sample => sample.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal))
            .GroupBy(sample => LessOrEqual().Replace(sample.Key, ""));
        foreach (var buckets in series)
        {
            var values = buckets.Select(bucket => bucket.Value).ToList();
            Assert.Equal(values.Order(), values);
            Assert.Contains("le=\"+Inf\"", buckets.Last().Key, StringComparison.Ordinal);
            var count = buckets.Key.Replace("_bucket{", "_count{", StringComparison.Ordinal).Replace("{}", "", StringComparison.Ordinal);
            Assert.Equal(_samples[count], values[^1]);
        }
    }

    private static double Value(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex("^# (?<word>HELP|TYPE) (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.+)$")]
    private static partial Regex Comment();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\"n])*")(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\[\\"n])*")*\})? (?<value>[-+]?([0-9.]+(E[-+][0-9]+)?|Inf|NaN))$""")]
    private static partial Regex Sample();

    [GeneratedRegex(",?le=\"[^\"]*\"")]
    private static partial Regex LessOrEqual();
}
