using System.Reflection;

namespace Kipuka.Telemetry;

/// <summary>What this program is.</summary>
internal static class Build
{
    /// <summary>Its version, such as <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(Build).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
