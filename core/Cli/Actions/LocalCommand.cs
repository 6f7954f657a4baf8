using System.CommandLine;
using System.Reflection;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Sdk;

namespace Kipuka.Cli.Actions;

/// <summary>A command that a plugin carries out in this process, without a server. Its code is loaded only now, and only if it may run.</summary>
internal sealed class LocalCommand(PluginDescription plugin, TrustVerdict trust, PluginCommandDescription declared, Surroundings surroundings)
{
    private readonly Option<string?> config = SharedOptions.Config();

    public Command Build()
    {
        var command = new CliCommand(declared.Command.Split(' ')[^1], declared.Summary) { Examples = declared.Examples };
        var options = declared.Options.Where(option => option.Name != "config")
            .ToDictionary(option => option.Name, option => SharedOptions.Text("--" + option.Name.Replace('_', '-'), "VALUE", option.Help));
        foreach (var option in options.Values)
        {
            command.Add(option);
        }
        command.Add(config);
        command.SetAction(async (parsed, cancel) =>
        {
            var values = options.Where(option => parsed.GetValue(option.Value) is not null)
                .ToDictionary(option => option.Key, option => parsed.GetValue(option.Value)!);
            if (parsed.GetValue(config) is { } file)
            {
                values["config"] = file;
            }
            var output = parsed.InvocationConfiguration;
            await RunAsync(new LocalCall(declared.Command, values, surroundings, output.Output, output.Error), cancel);
        });
        return command;
    }

    private async Task RunAsync(LocalCall call, CancellationToken cancel)
    {
        var context = Load();
        try
        {
            var code = Activator.CreateInstance(context.Find(plugin.TypeName)) as IPluginCommands
                ?? throw new CliException($"{plugin.TypeName} declares commands and does not implement IPluginCommands, which is a fault of the plugin");
            await code.RunAsync(call, cancel);
        }
        catch (TargetInvocationException fault)
        {
            throw new CliException(fault.GetBaseException().Message);
        }
        catch (Exception fault) when (fault is not (CliException or OperationCanceledException))
        {
            throw new CliException(fault.Message);
        }
        finally
        {
            context.Release();
        }
    }

    private PluginContext Load()
    {
        if (!trust.MayRun)
        {
            throw new CliException(trust.Detail!);
        }
        var problems = new ConfigProblems();
        // Read once more: the bytes that run are those that were judged.
        if (PluginFolder.Read(plugin.Folder, problems) is not { } folder || folder.Hash != plugin.Hash)
        {
            throw new CliException($"{plugin.Folder} has just changed; try again");
        }
        var context = new PluginContext(folder, plugin.AssemblyFile);
        context.TryHold();
        return context;
    }
}
