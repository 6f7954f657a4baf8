using Kipuka.Sdk.Audit;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Ca;
using Kipuka.Sdk.Ha;
using Kipuka.Sdk.Transport;

namespace Kipuka.Catalog;

/// <summary>The five words, and the contract that each stands for.</summary>
internal static class PluginKinds
{
    public const string Authority = "ca";
    public const string Authenticator = "auth";
    public const string Transport = "transport";
    public const string Strategy = "ha";
    public const string AuditSink = "audit";

    public static readonly IReadOnlyDictionary<string, Type> Contracts = new Dictionary<string, Type>
    {
        [Authority] = typeof(ICertificateAuthority),
        [Authenticator] = typeof(IAuthenticator),
        [Transport] = typeof(ITransport),
        [Strategy] = typeof(IHaStrategy),
        [AuditSink] = typeof(IAuditSink),
    };
}
