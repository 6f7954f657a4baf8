using Kipuka.Config;

namespace Kipuka.Catalog;

/// <summary>Decides which plugins a document selects, and under which instance ids. Says what it cannot find; starts and loads nothing.</summary>
internal sealed class PluginSelector(PluginCatalog catalog, SettingsBinder binder)
{
    private readonly MissingPlugins missing = new(binder);

    /// <param name="core">The core's part, which has the expanded values; null when it is wrong, and then only problems are of interest.</param>
    /// <returns>In the order of use, so that the reverse is the order of stopping: sinks and CAs before those who call them.</returns>
    public IReadOnlyList<PluginSelection> Select(KipukaConfig? core)
    {
        var tables = new TableSelector(catalog, binder, missing);
        return
        [
            .. tables.Select(PluginKinds.AuditSink),
            .. new AuthoritySelector(catalog, binder, missing).Select(core),
            .. new StrategySelector(catalog, binder, missing).Select(core),
            .. tables.Select(PluginKinds.Authenticator),
            .. tables.Select(PluginKinds.Transport),
        ];
    }
}
