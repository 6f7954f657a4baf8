using Kipuka.Sdk;
using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>What the core offers to all instances, before each gets its own share of it.</summary>
/// <param name="Loggers">Makes each instance's logger.</param>
/// <param name="Clock">The only clock.</param>
/// <param name="StoreOf">The durable state of an instance, by its id.</param>
/// <param name="Audit">The journal.</param>
/// <param name="Optional">Where optional services of the SDK are found.</param>
internal sealed record PluginServices(
    ILoggerFactory Loggers,
    TimeProvider Clock,
    Func<string, IPluginStore> StoreOf,
    IAuditWriter Audit,
    IServiceProvider Optional);
