using Kipuka.Admin;
using Kipuka.Audit;
using Kipuka.Ca;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Enroll;
using Kipuka.Est;
using Kipuka.Ha;
using Kipuka.Sdk.Transport;
using Kipuka.Store;
using Kipuka.Telemetry;
using Kipuka.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kipuka;

/// <summary>What a server is made of. Nothing in here is a plugin's: those belong to generations.</summary>
internal static class ServerServices
{
    private const int WorkersPerCore = 32;

    private static readonly TimeSpan KeyPatience = TimeSpan.FromSeconds(5);

    public static ServiceProvider Compose(
        string configFile, KipukaConfig config, Database database, ConfigLoader loader, ILoggerFactory loggers, TimeProvider clock)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddSingleton(clock);
        services.AddSingleton(database).AddSingleton<Journal>().AddSingleton<PluginData>().AddSingleton<Ledger>().AddSingleton<PendingRequests>();
        services.AddSingleton<DueRevocations>().AddSingleton<Replacements>().AddSingleton<RenewalInformation>();
        services.AddSingleton<Trail>().AddSingleton<IAuditWriter, PluginAudit>().AddSingleton<HealthTrail>().AddSingleton<GenerationTrail>();
        services.AddSingleton<Anchors>().AddSingleton<Archiver>().AddSingleton<Expiries>().AddSingleton<ExpiryTrail>();
        services.AddSingleton(_ => new Export(
            [Metrics.MeterName, PluginHost.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime"],
            config.Telemetry.Otlp is { } otlp ? new Uri(otlp) : null)).AddSingleton<Gauges>();
        services.AddSingleton<Generations>().AddSingleton<GenerationBuilder>();
        services.AddSingleton(provider => new PluginServices(
            loggers, clock, provider.GetRequiredService<PluginData>().For, provider.GetRequiredService<IAuditWriter>(), provider));
        services.AddSingleton(provider => new Failovers(provider.GetRequiredService<PluginData>().For("core:ha"), clock));
        services.AddSingleton(provider => new LastCertificates(
            provider.GetRequiredService<PluginData>().For("core:ca"), clock, provider.GetRequiredService<ILogger<LastCertificates>>()));
        // The order is that of need: labels use groups and sinks.
        services.AddSingleton<IGenerationPart, AuditSealBuilder>().AddSingleton<IGenerationPart, SinksBuilder>();
        services.AddSingleton<IGenerationPart>(provider => ActivatorUtilities.CreateInstance<CaGroupsBuilder>(
            provider, (Action<HealthChange>)provider.GetRequiredService<HealthTrail>().Report));
        services.AddSingleton<IGenerationPart, LabelTableBuilder>();
        services.AddSingleton<IGenerationPart, AdminAccessBuilder>();
        services.AddSingleton(new KeyMaker(Environment.ProcessorCount, KeyPatience));
        services.AddSingleton<Twins>().AddSingleton<Revocations>().AddSingleton<Renewals>().AddSingleton<SupersededCertificates>();
        services.AddSingleton<ServingAuthorities>().AddSingleton<RevocationNotices>().AddSingleton<RevocationNotifier>();
        services.AddSingleton(new Workers(config.Server.Workers ?? WorkersPerCore * Environment.ProcessorCount));
        services.AddSingleton<IEstService, EstService>();
        services.AddSingleton<ListeningSockets>().AddSingleton<IListeningSockets>(provider => provider.GetRequiredService<ListeningSockets>());
        services.AddSingleton<Func<KipukaConfig, TransportServices>>(provider => serving => new HostedServices(
            provider.GetRequiredService<IEstService>(),
            provider.GetRequiredService<IListeningSockets>(),
            new Dictionary<Type, Func<object?>> { [typeof(RequestDelegate)] = () => AdminOf(provider, serving) }));
        services.AddSingleton<Transports>().AddSingleton(loader);
        services.AddSingleton<AdminApplication>().AddSingleton<AdminGate>().AddSingleton<WrongTries>();
        services.AddSingleton<AuditStream>().AddSingleton<PluginActions>().AddSingleton<HealthReport>();
        services.AddSingleton<ConsoleFiles>().AddSingleton<Outcomes>();
        services.Scan(scan => scan.FromAssemblyOf<IAdminEndpoints>().AddClasses(classes => classes.AssignableTo<IAdminEndpoints>(), publicOnly: false)
            .As<IAdminEndpoints>().WithSingletonLifetime());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Reloader>(provider, configFile));
        services.AddSingleton<IReloader>(provider => provider.GetRequiredService<Reloader>());
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
    }

    // Without [admin] no transport is given anything to open a port for.
    private static RequestDelegate? AdminOf(IServiceProvider provider, KipukaConfig serving)
        => serving.Admin is { Enabled: true } ? provider.GetRequiredService<AdminApplication>().HandleAsync : null;
}
