using Kipuka.Catalog;
using Kipuka.Sdk.Audit;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Ca;
using Kipuka.Sdk.Ha;
using Kipuka.Sdk.Tck;
using Kipuka.Sdk.Transport;

namespace Kipuka.Cli.Verify;

/// <summary>Runs the suite of an instance's kind with what <c>[verify]</c> says.</summary>
/// <param name="config">The table.</param>
/// <param name="folder">Where shell commands run.</param>
/// <param name="reload">Loads everything once more.</param>
internal sealed class VerifySuites(VerifyConfig config, string folder, Func<VerifySetup> reload)
{
    public Task<TckReport> RunAsync(InstancePlan plan, CancellationToken cancel) => plan.Plugin.Kind switch
    {
        PluginKinds.Authority => CaSuite.RunAsync(Subject<ICertificateAuthority>(plan), Authority(), cancel),
        PluginKinds.Authenticator => AuthSuite.RunAsync(Subject<IAuthenticator>(plan), Authenticator(), cancel),
        PluginKinds.Transport => TransportSuite.RunAsync(Subject<ITransport>(plan), Transport(), cancel),
        PluginKinds.Strategy => HaSuite.RunAsync(Subject<IHaStrategy>(plan), new HaOptions { IsRandom = config.Ha.Random }, cancel),
        _ => AuditSuite.RunAsync(Subject<IAuditSink>(plan), Audit(), cancel),
    };

    private PlanSubject<TService> Subject<TService>(InstancePlan plan)
        where TService : class, IAsyncDisposable => new(plan, reload);

    private TckOutage? Outage => config is { Outage: { } outage, Recovery: { } recovery }
        ? new TckOutage(cancel => ShellCommand.RunAsync(outage, folder, cancel), cancel => ShellCommand.RunAsync(recovery, folder, cancel))
        : null;

    private CaOptions Authority()
    {
        var options = new CaOptions { Outage = Outage, OutageMayHaveIssued = config.Ca.OutageMayHaveIssued };
        return config.Ca.MayRefuseKeys is { } keys ? options with { MayRefuseKeys = keys } : options;
    }

    private AuthOptions Authenticator()
    {
        var options = new AuthOptions { Outage = Outage };
        return config.Auth is { } auth
            ? options with { MakePeer = (node, cancel) => VerifyPeer.MakeAsync(auth, node, cancel), Schemes = auth.Credential?.Split(' ')[0] is { } scheme ? [scheme] : [] }
            : options;
    }

    private TransportOptions Transport()
    {
        var options = new TransportOptions { Outage = Outage, Client = config.Transport is null ? null : new HttpsTransportClient() };
        return config.Transport?.Operations is { } operations ? options with { Operations = operations } : options;
    }

    private AuditOptions Audit() => new()
    {
        Outage = Outage,
        Read = config.Audit is { } audit ? async cancel => await File.ReadAllTextAsync(audit.Read.FullPath, cancel) : null,
    };
}
