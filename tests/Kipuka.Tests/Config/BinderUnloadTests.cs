using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Kipuka.Tests.Config;

public sealed class BinderUnloadTests
{
    [Fact]
    public void Binding_a_plugins_settings_does_not_keep_the_plugin_loaded()
    {
        var context = BindInContext();
        for (var i = 0; i < 20 && context.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(context.IsAlive);
    }

    // In a frame of its own, so that no local of it is alive when the collector looks.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference BindInContext()
    {
        using var fixture = new BinderFixture();
        var context = new AssemblyLoadContext("plugin", isCollectible: true);
        using var bytes = File.OpenRead(typeof(Everything).Assembly.Location);
        var record = context.LoadFromStream(bytes).GetType(typeof(Everything).FullName!)!;
        Assert.NotSame(typeof(Everything), record);
        const string Toml = "[t]\nmode = 'optional'\nnames = ['a']\nmapping = { a = 'b' }\nitem = [{ id = 'x' }]\npin = '1'";
        var (bound, problems) = fixture.Try(record, Toml, [], "t");
        Assert.Empty(problems);
        Assert.Equal(record, bound!.Value.GetType());
        bound.Dispose();
        context.Unload();
        return new WeakReference(context);
    }
}
