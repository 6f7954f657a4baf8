using System.Globalization;
using System.Text.Json;

namespace Kipuka.Bench;

/// <summary>What was measured. The server's time is that of its process, the client's is not in it.</summary>
internal sealed record Row(string Name, long Requests, double RequestsPerSecond, double P50Milliseconds, double P99Milliseconds, double ServerCpuMicroseconds)
{
    public static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string Heading => $"{"",-44}{"requests/s",12}{"p50 ms",10}{"p99 ms",10}{"server CPU us",15}";

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Name,-44}{RequestsPerSecond,12:F0}{P50Milliseconds,10:F2}{P99Milliseconds,10:F2}{ServerCpuMicroseconds,15:F0}");
}
