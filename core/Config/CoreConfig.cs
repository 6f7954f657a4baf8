namespace Kipuka.Config;

/// <summary>The core's own part of kipuka.toml: bound, then checked for what no single key can show.</summary>
internal static class CoreConfig
{
    /// <returns>Null when there were errors; all of them have been reported.</returns>
    public static KipukaConfig? Bind(SettingsBinder binder) => binder.Bind<KipukaConfig>([new OwnTable(binder.Document.Root, "")]);
}
