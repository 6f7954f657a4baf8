using System.Text.Json;
using Kipuka.Catalog;

namespace Kipuka.Cli;

/// <summary>A plugin's description, printed.</summary>
internal static class PluginText
{
    public static void Print(TextWriter output, PluginDescription plugin, TrustVerdict trust)
    {
        TextTable.WriteFields(output,
        [
            ("Plugin", $"{plugin.Kind}:{plugin.Name}"),
            ("Version", plugin.Version.ToString()),
            ("SDK", plugin.SdkVersion.ToString()),
            ("Folder", plugin.Folder),
            ("Class", $"{plugin.TypeName} in {plugin.AssemblyFile}"),
            ("Selected by", plugin.Tables.Count > 0 ? string.Join(", ", plugin.Tables) : Usual(plugin)),
            .. plugin.ImpliedBy.Count > 0 ? [("Implied by", string.Join(", ", plugin.ImpliedBy))] : Array.Empty<(string, string)>(),
            .. plugin.Actions.Where(action => action.Kind == plugin.Kind && action.Name == plugin.Name).DistinctBy(action => action.Command)
                .Select(action => ("Command", $"kipuka {action.Command}: {action.Summary}")),
            .. plugin.Commands.Select(command => ("Command", $"kipuka {command.Command}: {command.Summary}")),
            ("SHA-256", plugin.Hash),
            ("Pin", trust.State == TrustState.Signed ? $"signed by {trust.Detail}" : trust.Word),
            .. trust.MayRun ? Array.Empty<(string, string)>() : [("Why not", trust.Detail!)],
        ]);
        output.WriteLine();
    }

    public static void Write(Utf8JsonWriter json, IReadOnlyList<(PluginDescription Plugin, TrustVerdict Trust)> plugins)
    {
        json.WriteStartArray();
        foreach (var (plugin, trust) in plugins)
        {
            json.WriteStartObject();
            json.WriteString("kind", plugin.Kind);
            json.WriteString("name", plugin.Name);
            json.WriteString("version", plugin.Version.ToString());
            json.WriteString("sdk_version", plugin.SdkVersion.ToString());
            json.WriteString("folder", plugin.Folder);
            json.WriteString("assembly", plugin.AssemblyFile);
            json.WriteString("type", plugin.TypeName);
            Write(json, "tables", plugin.Tables);
            Write(json, "implied_by", plugin.ImpliedBy);
            Write(json, "commands", plugin.Actions.Select(action => action.Command).Concat(plugin.Commands.Select(command => command.Command)).Distinct());
            json.WriteString("sha256", plugin.Hash);
            json.WriteString("pin", trust.Word);
            json.WriteString("pin_detail", trust.Detail);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static string Usual(PluginDescription plugin) => plugin.Kind switch
    {
        PluginKinds.Authority => $"type = \"{plugin.Name}\" in a [[ca]] table",
        PluginKinds.Strategy => $"strategy = \"{plugin.Name}\"",
        _ => $"[{plugin.Kind}.{plugin.Name}]",
    };

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }
}
