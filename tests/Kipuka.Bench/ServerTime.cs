using System.Globalization;

namespace Kipuka.Bench;

/// <summary>The processor time of another process, user and system.</summary>
internal static class ServerTime
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    public static TimeSpan Of(int process)
    {
        // The name in brackets may hold anything; utime and stime are the 12th and 13th field behind it.
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
