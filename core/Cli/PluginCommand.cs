using System.CommandLine;
using System.Text.Json;
using Kipuka.Catalog;
using Kipuka.Cli.Verify;
using Kipuka.Config;

namespace Kipuka.Cli;

/// <summary><c>kipuka plugin</c>: what is installed. Needs no configuration and runs no plugin's code, but for <c>verify</c>.</summary>
internal sealed class PluginCommand(InstalledPlugins installed, VerifyCommand verify, Surroundings surroundings) : ICliCommand
{
    private readonly Option<string?> config = SharedOptions.Config();
    private readonly Option<bool> json = SharedOptions.Json();

    public Command Build()
    {
        var command = new CliCommand("plugin", "Show installed plugins, and verify new ones.")
        {
            Details = "No code of them is run, and no configuration is needed; verify alone needs and does both.",
        };
        command.Add(BuildList());
        command.Add(BuildInspect());
        command.Add(BuildHash());
        command.Add(verify.Build());
        command.Add(new PluginSign(surroundings).Build());
        return command;
    }

    private CliCommand BuildList()
    {
        var command = new CliCommand("list", "List the installed plugins.") { Examples = ["kipuka plugin list", "kipuka plugin list --json"] };
        command.Add(config);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var plugins = Find(parsed);
            if (parsed.GetValue(json))
            {
                JsonText.Write(parsed.InvocationConfiguration.Output, writer => PluginText.Write(writer, plugins));
                return;
            }
            TextTable.Write(parsed.InvocationConfiguration.Output, ["KIND", "NAME", "VERSION", "SDK", "PIN", "FOLDER"], [.. plugins.Select(entry =>
                (IReadOnlyList<string>)[entry.Plugin.Kind, entry.Plugin.Name, entry.Plugin.Version.ToString(), entry.Plugin.SdkVersion.ToString(2),
                    entry.Trust.Word, entry.Plugin.Folder])]);
        });
        return command;
    }

    private CliCommand BuildInspect()
    {
        var name = new Argument<string>("NAME") { Description = "A plugin's name, with its kind where several have it (ca:file), or its folder's name." };
        var command = new CliCommand("inspect", "Show all that a plugin says about itself.") { Examples = ["kipuka plugin inspect ca:file"] };
        command.Add(name);
        command.Add(config);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetRequiredValue(name);
            var plugins = Find(parsed).Where(entry => Path.GetFileName(entry.Plugin.Folder) == wanted || entry.Plugin.Name == wanted
                || $"{entry.Plugin.Kind}:{entry.Plugin.Name}" == wanted).ToList();
            if (plugins.Count == 0)
            {
                throw new CliException($"no plugin {wanted} is installed; kipuka plugin list shows those that are");
            }
            if (parsed.GetValue(json))
            {
                JsonText.Write(parsed.InvocationConfiguration.Output, writer => PluginText.Write(writer, plugins));
                return;
            }
            plugins.ForEach(entry => PluginText.Print(parsed.InvocationConfiguration.Output, entry.Plugin, entry.Trust));
        });
        return command;
    }

    private CliCommand BuildHash()
    {
        var folder = new Argument<string>("FOLDER") { Description = "A plugin's folder." };
        var command = new CliCommand("hash", "Print the SHA-256 of a plugin folder: over the sha256sum lines of its files, by path.")
        {
            Examples = ["kipuka plugin hash /opt/kipuka/plugins/ca-acme"],
        };
        command.Add(folder);
        command.Add(json);
        command.SetAction(parsed =>
        {
            var path = surroundings.FullPath(parsed.GetRequiredValue(folder));
            if (!Directory.Exists(path))
            {
                throw CliException.Usage($"{path} is no folder");
            }
            var problems = new ConfigProblems();
            var read = PluginFolder.Read(path, problems);
            ProblemList.Write(parsed.InvocationConfiguration.Error, problems.All);
            if (read is null)
            {
                throw new CliException($"{path} is no plugin folder: it holds no assembly that may be read");
            }
            if (parsed.GetValue(json))
            {
                JsonText.Write(parsed.InvocationConfiguration.Output, writer => WriteHash(writer, read));
                return;
            }
            parsed.InvocationConfiguration.Output.WriteLine($"{read.Hash}  {read.Path}");
        });
        return command;
    }

    private static void WriteHash(Utf8JsonWriter writer, PluginFolder folder)
    {
        writer.WriteStartObject();
        writer.WriteString("folder", folder.Path);
        writer.WriteString("sha256", folder.Hash);
        writer.WriteEndObject();
    }

    private IReadOnlyList<(PluginDescription Plugin, TrustVerdict Trust)> Find(ParseResult parsed)
    {
        var problems = new ConfigProblems();
        var plugins = installed.Judge(parsed.GetValue(config), problems);
        ProblemList.Write(parsed.InvocationConfiguration.Error, problems.All);
        return plugins;
    }
}
