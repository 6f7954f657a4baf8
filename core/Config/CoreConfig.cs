using Kipuka.Config.Checks;

namespace Kipuka.Config;

/// <summary>The core's own part of kipuka.toml: bound, then checked for what no single key can show.</summary>
internal static class CoreConfig
{
    /// <returns>Null when there were errors; all of them have been reported. The caller disposes the secrets in it.</returns>
    public static KipukaConfig? Bind(SettingsBinder binder)
    {
        var report = new CheckReport(binder.Document, binder.Problems, binder.Variable);
        var (bound, failed) = binder.BindAll(typeof(KipukaConfig), [new OwnTable(binder.Document.Root, "")]);

        // Also of what could be bound only in part: an operator wants all that is wrong at once.
        var config = (KipukaConfig)bound.Value;
        AuthorityChecks.Run(report, config);
        LabelChecks.Run(report, config);
        EstChecks.Run(report, config);
        HaChecks.Run(report, config);
        PluginChecks.Run(report, config.Plugins);
        TelemetryChecks.Run(report, config.Telemetry);
        config = config with
        {
            Admin = AdminChecks.Run(report, config),
            Db = config.Db with { Database = Database(report, config.Db.Url) },
            Ha = config.Ha is { } ha ? WithCanonicalNames(ha) : null,
        };
        if (!failed && !report.Failed) return config;
        bound.Dispose();
        config.Dispose();
        return null;
    }

    private static DatabaseUrl? Database(CheckReport report, string url)
    {
        var database = DatabaseUrl.Parse(url, report.Folder, out var problem);
        if (database is null) report.Fail("bad-value", "db.url", problem);
        if (database?.Server is { } server) DatabaseChecks.Run(report, server);
        return database;
    }

    private static HaConfig WithCanonicalNames(HaConfig ha) => ha with
    {
        Strategy = HaChecks.Canonical(ha.Strategy),
        Groups = [.. ha.Groups.Select(g => g.Strategy is { } own ? g with { Strategy = HaChecks.Canonical(own) } : g)],
    };
}
