using System.Reflection;
using System.Runtime.Loader;

namespace Kipuka.Sdk.Tck;

/// <summary>An assembly of the test's process, loaded a second time.</summary>
internal sealed class ApartContext<TService> : TckContext<TService>
    where TService : class, IAsyncDisposable
{
    private AssemblyLoadContext? code;
    private object? plugin;
    private object? settings;

    public ApartContext(Type type, object settings)
    {
        var folder = Path.GetDirectoryName(type.Assembly.Location)!;
        code = new ApartCode(folder);
        var assembly = code.LoadFromAssemblyName(type.Assembly.GetName());
        plugin = Activator.CreateInstance(assembly.GetType(type.FullName!, throwOnError: true)!);
        this.settings = SettingsCopy.Of(settings, type.Assembly, assembly);
    }

    public override ValueTask<TService> StartAsync(IPluginHost host, CancellationToken cancel)
    {
        var start = plugin!.GetType().GetMethod("StartAsync", [settings!.GetType(), typeof(IPluginHost), typeof(CancellationToken)])!;
        return (ValueTask<TService>)start.Invoke(plugin, BindingFlags.DoNotWrapExceptions, null, [settings, host, cancel], null)!;
    }

    public override WeakReference Unload()
    {
        var context = code!;
        (code, plugin, settings) = (null, null, null);
        context.Unload();
        return new WeakReference(context);
    }
}
