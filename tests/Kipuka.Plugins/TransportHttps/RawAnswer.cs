using System.Globalization;
using System.Text;

namespace Kipuka.Plugins.Tests.TransportHttps;

/// <summary>An answer as it came.</summary>
internal sealed record RawAnswer(string Head, byte[] Body)
{
    public int Status => int.Parse(Head.AsSpan(9, 3), CultureInfo.InvariantCulture);

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers(name).SingleOrDefault();

    public string[] Headers(string name)
        => [.. Head.Split("\r\n").Skip(1).Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(line => line[(name.Length + 1)..].Trim())];
}
