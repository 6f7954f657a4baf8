using Kipuka.Cli.Actions;
using Kipuka.Cli.Client;
using Kipuka.Cli.Verify;
using Microsoft.Extensions.DependencyInjection;

namespace Kipuka.Cli;

/// <summary>Registers the commands. Those that stand here many times are found by a scan.</summary>
internal static class CommandServices
{
    public static IServiceCollection AddCommands(this IServiceCollection services) => services
        .Scan(scan => scan.FromAssemblyOf<ICliCommand>()
            .AddClasses(classes => classes.AssignableToAny(typeof(ICliCommand), typeof(IEstCommand)), publicOnly: false)
            .AsSelfWithInterfaces()
            .WithSingletonLifetime())
        .AddSingleton<InstalledPlugins>()
        .AddSingleton<PluginCommands>()
        .AddSingleton<VerifyCommand>()
        .AddSingleton<CommandTree>();
}
