using System.Reflection;
using System.Runtime.Loader;

namespace Kipuka.Sdk.Tck;

/// <summary>Loads what lies in a folder, as a host does: the SDK and what its types mention are shared, every other library is not.</summary>
internal sealed class ApartCode(string folder) : AssemblyLoadContext("conformance kit", isCollectible: true)
{
    private static readonly HashSet<string> Shared = Closure(typeof(Plugin).Assembly, []);

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        var file = Path.Combine(folder, $"{assemblyName.Name}.dll");
        if (Shared.Contains(assemblyName.Name!) || !File.Exists(file))
        {
            return null;
        }
        // From memory: a mapped file could not be built anew while a leak keeps it.
        using var stream = new MemoryStream(File.ReadAllBytes(file));
        return LoadFromStream(stream);
    }

    private static HashSet<string> Closure(Assembly assembly, HashSet<string> names)
    {
        if (names.Add(assembly.GetName().Name!))
        {
            foreach (var reference in assembly.GetReferencedAssemblies())
            {
                Closure(Assembly.Load(reference), names);
            }
        }
        return names;
    }
}
