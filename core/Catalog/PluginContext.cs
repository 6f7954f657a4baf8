using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Kipuka.Catalog;

/// <summary>
/// Loads the code of one plugin folder, from the bytes that were hashed. The SDK and the shared framework are the host's, all else is the
/// folder's: a library that the folder lacks is an error, even when the host has one of that name.
/// </summary>
/// <remarks>
/// Plans hold it, and instances through their plans; the last one to let go begins the unload. A context must not keep an object of its own
/// code in a field: the runtime keeps the context until the unload has ended, and the object would keep the code from ending.
/// </remarks>
internal sealed class PluginContext : AssemblyLoadContext
{
    private readonly PluginFolder folder;
    private readonly string mainAssembly;
    private readonly AssemblyDependencyResolver resolver;
    private readonly NativeCopy natives;
    private readonly Lock holding = new();
    private int holders;

    public PluginContext(PluginFolder folder, string assemblyFile)
        : base($"{Path.GetFileName(folder.Path)} {folder.Hash[..12]}", isCollectible: true)
    {
        this.folder = folder;
        resolver = new AssemblyDependencyResolver(Path.Combine(folder.Path, assemblyFile));
        natives = new NativeCopy(folder);
        Unloading += static context => ((PluginContext)context).natives.Delete();
        mainAssembly = LoadFromStream(assemblyFile).FullName!;
    }

    /// <summary>Whether the unload has begun.</summary>
    public bool IsReleased
    {
        get
        {
            lock (holding)
            {
                return holders < 0;
            }
        }
    }

    /// <summary>Counts a holder in; false when the unload has begun, which asks for a new context.</summary>
    public bool TryHold()
    {
        lock (holding)
        {
            if (holders < 0)
            {
                return false;
            }
            holders++;
            return true;
        }
    }

    public void Release()
    {
        lock (holding)
        {
            if (--holders > 0)
            {
                return;
            }
            holders = -1;
        }
        Unload();
    }

    /// <summary>The plugin's class.</summary>
    /// <exception cref="TypeLoadException">The class is not there, or needs something that is not.</exception>
    public Type Find(string typeName)
        => Assemblies.First(assembly => assembly.FullName == mainAssembly).GetType(typeName, throwOnError: true)!;

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var name = assemblyName.Name!;
        if (SharedAssemblies.Contains(name))
        {
            return null;
        }
        var path = resolver.ResolveAssemblyToPath(assemblyName);
        var relative = path is null ? $"{name}.dll" : Path.GetRelativePath(folder.Path, path).Replace('\\', '/');
        if (folder.Files.ContainsKey(relative))
        {
            return LoadFromStream(relative);
        }
        // Whoever asks for translated texts copes with there being none.
        return name.EndsWith(".resources", StringComparison.Ordinal)
            ? null
            : throw new FileNotFoundException(
                $"The plugin folder {folder.Path} lacks {name}.dll, version {assemblyName.Version}; publish the plugin with its libraries.");
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
    {
        var path = resolver.ResolveUnmanagedDllToPath(unmanagedDllName);
        var copy = path is null ? null : natives.PathOf(Path.GetRelativePath(folder.Path, path).Replace('\\', '/'));
        // What the folder does not have may be a library of the system, such as libssl.
        return copy is null ? IntPtr.Zero : LoadUnmanagedDllFromPath(copy);
    }

    private Assembly LoadFromStream(string relative) => LoadFromStream(
        Open(folder.Files[relative]),
        folder.Files.TryGetValue(Path.ChangeExtension(relative, ".pdb"), out var symbols) ? Open(symbols) : null);

    private static MemoryStream Open(ImmutableArray<byte> bytes) => new(ImmutableCollectionsMarshal.AsArray(bytes)!, writable: false);
}
