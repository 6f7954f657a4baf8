using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Kipuka.Telemetry;

/// <summary>Writes what was collected in Prometheus' text format 0.0.4.</summary>
/// <remarks>
/// During a reload the old and the new instance of a plugin measure under the same names: their series are one, so counts are added up.
/// </remarks>
internal sealed class PrometheusText : BaseExporter<Metric>
{
    /// <summary>The media type of the text.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Of the last collection.</summary>
    public string Text { get; private set; } = "";

    public override ExportResult Export(in Batch<Metric> batch)
    {
        SortedDictionary<string, PrometheusFamily> families = new(StringComparer.Ordinal);
        foreach (var metric in batch)
        {
            var name = NameOf(metric);
            if (!families.TryGetValue(name, out var family))
            {
                families.Add(name, family = new PrometheusFamily(name, TypeOf(metric.MetricType), metric.Description));
            }
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                Add(family, metric, in point);
            }
        }
        var text = new StringBuilder();
        foreach (var family in families.Values)
        {
            family.Write(text);
        }
        Text = text.ToString();
        return ExportResult.Success;
    }

    private static void Add(PrometheusFamily family, Metric metric, in MetricPoint point)
    {
        var labels = Labels(metric, in point);
        switch (metric.MetricType)
        {
            case MetricType.LongSum:
            case MetricType.LongSumNonMonotonic:
                family.Add("", labels, point.GetSumLong());
                break;
            case MetricType.DoubleSum:
            case MetricType.DoubleSumNonMonotonic:
                family.Add("", labels, point.GetSumDouble());
                break;
            case MetricType.LongGauge:
                family.Set(labels, point.GetGaugeLastValueLong());
                break;
            case MetricType.DoubleGauge:
                family.Set(labels, point.GetGaugeLastValueDouble());
                break;
            case MetricType.Histogram:
                AddHistogram(family, labels, in point);
                break;
            default:
                throw new InvalidOperationException($"The instrument {metric.Name} is of a kind ({metric.MetricType}) that has no place in this format.");
        }
    }

    private static void AddHistogram(PrometheusFamily family, string labels, in MetricPoint point)
    {
        var below = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            family.Add("_bucket", With(labels, $"le=\"{Number(bucket.ExplicitBound)}\""), below);
        }
        family.Add("_sum", labels, point.GetHistogramSum());
        family.Add("_count", labels, point.GetHistogramCount());
    }

    public static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    // The framework's own meters have dotted names, and say unit and kind elsewhere.
    private static string NameOf(Metric metric)
    {
        var name = metric.Name.Replace('.', '_').Replace('-', '_');
        if (metric.Unit == "s" && !name.Contains("_seconds", StringComparison.Ordinal))
        {
            name += "_seconds";
        }
        var counts = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        return counts && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    private static string TypeOf(MetricType type) => type switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Labels(Metric metric, in MetricPoint point)
    {
        SortedDictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (var (key, value) in metric.MeterTags ?? [])
        {
            labels[key] = Value(value);
        }
        foreach (var (key, value) in point.Tags)
        {
            labels[key] = Value(value);
        }
        return string.Join(',', labels.Select(label => $"{Name(label.Key)}=\"{Escape(label.Value)}\""));
    }

    private static string With(string labels, string more) => labels.Length == 0 ? more : $"{labels},{more}";

    private static string Name(string key) => string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));

    private static string Value(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Escape(string value)
        => value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
