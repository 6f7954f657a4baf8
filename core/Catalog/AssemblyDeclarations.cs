using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>Reads what one assembly declares from its metadata: nothing of it is loaded, so nothing of it can run.</summary>
internal static partial class AssemblyDeclarations
{
    private static readonly Version HostSdk = typeof(KipukaPluginAttribute).Assembly.GetName().Version!;

    /// <returns>The valid declarations; none for what is no assembly or does not use the SDK (a plugin's own libraries).</returns>
    public static IReadOnlyList<PluginDescription> Read(PluginFolder folder, string file, ConfigProblems problems)
    {
        void Refuse(string message) => problems.Add(new("bad-plugin", $"{folder.Path}/{file}", 0, 0, null, message));
        try
        {
            using var image = new PEReader(folder.Files[file]);
            return image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } reader
                ? Read(reader, folder, file, Refuse)
                : [];
        }
        catch (BadImageFormatException)
        {
            return [];
        }
    }

    private static List<PluginDescription> Read(MetadataReader reader, PluginFolder folder, string file, Action<string> refuse)
    {
        var attributes = AssemblyAttributes.Of(reader);
        var assembly = reader.GetAssemblyDefinition();
        var declared = attributes.Where(attribute => attribute.Type == typeof(KipukaPluginAttribute).FullName).ToList();
        if (declared.Count == 0)
        {
            return [];
        }
        var sdk = SdkReference(reader);
        if (sdk.Major != HostSdk.Major || sdk.Minor > HostSdk.Minor)
        {
            refuse($"is built for Kipuka.Sdk {sdk.ToString(2)}, and this server has {HostSdk.ToString(2)}; "
                + "install a build of the plugin for this server");
            return [];
        }
        var actions = AdminActionDeclarations.Read(attributes, refuse);
        foreach (var stray in actions.Where(action => !declared.Any(plugin => plugin.Text(0) == action.Kind && plugin.Text(1) == action.Name)))
        {
            refuse($"declares the admin action \"{stray.Command}\" of {stray.Kind}:{stray.Name}, which it does not declare as a plugin");
        }
        var commands = PluginCommandDeclarations.Read(attributes, refuse);
        foreach (var stray in commands.Where(command => !declared.Any(plugin => plugin.Text(0) == command.Kind && plugin.Text(1) == command.Name)))
        {
            refuse($"declares the command \"{stray.Command}\" of {stray.Kind}:{stray.Name}, which it does not declare as a plugin");
        }
        return [.. declared.Where(plugin => Judge(reader, plugin, refuse)).Select(plugin => new PluginDescription(
            plugin.Text(0),
            plugin.Text(1),
            folder.Path,
            file,
            PluginTypes.NameIn(reader, plugin.Text(2))!,
            assembly.Version,
            sdk,
            plugin.Texts(nameof(KipukaPluginAttribute.Tables)),
            plugin.Texts(nameof(KipukaPluginAttribute.ImpliedBy)),
            [.. actions.Where(action => action.Kind == plugin.Text(0) && action.Name == plugin.Text(1))],
            folder.Hash)
        {
            Commands = [.. commands.Where(command => command.Kind == plugin.Text(0) && command.Name == plugin.Text(1))],
        })];
    }

    private static bool Judge(MetadataReader reader, AssemblyAttribute plugin, Action<string> refuse)
    {
        var (kind, name, type) = (plugin.Text(0), plugin.Text(1), plugin.Text(2));
        var wrong = !PluginKinds.Contracts.ContainsKey(kind)
                ? $"its kind must be one of {string.Join(", ", PluginKinds.Contracts.Keys)}"
            : !NamePattern().IsMatch(name)
                ? "its name must be 1 to 32 characters of a-z, 0-9 and -"
            : PluginTypes.Refuse(reader, type);
        if (wrong is not null)
        {
            refuse($"declares the plugin {kind}:{name} ({type}) wrongly: {wrong}");
        }
        return wrong is null;
    }

    private static Version SdkReference(MetadataReader reader)
        => reader.AssemblyReferences.Select(reader.GetAssemblyReference)
            .First(reference => reader.GetString(reference.Name) == AssemblyAttributes.SdkName).Version;

    [GeneratedRegex("^[a-z0-9-]{1,32}\\z", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
