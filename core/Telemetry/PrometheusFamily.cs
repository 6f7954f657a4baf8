using System.Text;

namespace Kipuka.Telemetry;

/// <summary>The series of one name.</summary>
internal sealed class PrometheusFamily(string name, string type, string description)
{
    // In the order they came: the buckets of a histogram stay together and in their order.
    private readonly OrderedDictionary<string, double> _series = [];

    /// <summary>Adds to a count.</summary>
    /// <param name="suffix">Behind the name: <c>_bucket</c>.</param>
    /// <param name="labels">In the format's own form, without braces.</param>
    /// <param name="value">The count.</param>
    public void Add(string suffix, string labels, double value)
    {
        var key = Key(suffix, labels);
        _series[key] = _series.GetValueOrDefault(key) + value;
    }

    /// <summary>Says how it is now.</summary>
    public void Set(string labels, double value) => _series[Key("", labels)] = value;

    public void Write(StringBuilder text)
    {
        if (_series.Count == 0)
        {
            return;
        }
        if (description.Length > 0)
        {
            text.Append("# HELP ").Append(name).Append(' ')
                .Append(description.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)).Append('\n');
        }
        text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (var (key, value) in _series)
        {
            text.Append(key).Append(' ').Append(PrometheusText.Number(value)).Append('\n');
        }
    }

    private string Key(string suffix, string labels) => labels.Length == 0 ? name + suffix : $"{name}{suffix}{{{labels}}}";
}
