using System.Globalization;
using Kipuka.Sdk;

namespace Kipuka.Config.Binding;

/// <summary>The limits of a <see cref="SettingAttribute"/>.</summary>
internal static class Bounds
{
    /// <returns>What to say when the value is outside; null when it is fine.</returns>
    public static string? Check(SettingAttribute rules, double value, Func<double, string> show)
    {
        if (value >= rules.Min && value <= rules.Max) return null;
        return (rules.Min > double.MinValue, rules.Max < double.MaxValue) switch
        {
            (true, true) => $"must be from {show(rules.Min)} to {show(rules.Max)}",
            (true, false) => $"must be at least {show(rules.Min)}",
            _ => $"must be at most {show(rules.Max)}",
        };
    }

    public static string Number(double value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    public static string Duration(double seconds) => Durations.Format(TimeSpan.FromSeconds(seconds));

    public static string Size(double bytes) => new ByteSize((long)bytes).ToString();

    /// <returns>What to say when the text is none of the values; null when it is one, or when any will do.</returns>
    public static string? CheckOneOf(IReadOnlyCollection<string> values, string text)
    {
        if (values.Count == 0 || values.Contains(text)) return null;
        var all = $"must be {(values.Count == 1 ? "" : "one of ")}{string.Join(", ", values)}";
        return NearestName.Find(text, values) is { } nearest ? $"{all}; did you mean {nearest}?" : all;
    }
}
