using System.Globalization;

namespace Kipuka.Sdk.Tck;

/// <summary>The listening sockets of this process, as Linux lists them.</summary>
internal static class OwnListeners
{
    private const string Listening = "0A";
    private const string UnconnectedUdp = "07";

    public static bool CanBeListed => OperatingSystem.IsLinux();

    /// <summary>Ports that this process listens on, or receives datagrams on, by the socket's inode.</summary>
    public static IReadOnlyDictionary<string, int> Find()
    {
        var mine = Directory.EnumerateFiles("/proc/self/fd").Select(TargetOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (table, state) in ((string, string)[])[("tcp", Listening), ("tcp6", Listening), ("udp", UnconnectedUdp), ("udp6", UnconnectedUdp)])
        {
            foreach (var line in File.ReadLines($"/proc/self/net/{table}").Skip(1))
            {
                // sl local_address rem_address st … inode; the port is hexadecimal.
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields[3] == state && mine.Contains($"socket:[{fields[9]}]"))
                {
                    found[fields[9]] = int.Parse(fields[1][(fields[1].LastIndexOf(':') + 1)..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                }
            }
        }
        return found;
    }

    private static string? TargetOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }
}
