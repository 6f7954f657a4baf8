using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Kipuka.Cli;

/// <summary><c>kipuka --version</c>.</summary>
internal sealed class PrintVersion : SynchronousCommandLineAction
{
    /// <summary>Such as <c>0.1.0</c>.</summary>
    public static string Version { get; } =
        typeof(PrintVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public override int Invoke(ParseResult parseResult)
    {
        parseResult.InvocationConfiguration.Output.WriteLine($"kipuka {Version}");
        return ExitCode.Done;
    }
}
