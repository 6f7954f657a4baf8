using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Kipuka.Architecture;

/// <summary>Compiles a small bad assembly, so that every rule is seen to fail.</summary>
internal static class Compiled
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Append(Path.Combine(Testing.Repository.Build, "Kipuka.Sdk.dll")).Select(file => MetadataReference.CreateFromFile(file)),
    ];

    public static Code From(string source, string name = "kipuka", params string[] alsoReferenced) => Code.Read(Image(source, name, alsoReferenced));

    public static byte[] Image(string source, string name, params string[] alsoReferenced)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText("using System; using System.Threading.Tasks;\n" + source)],
            [.. References, .. alsoReferenced.Select(Stub)],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        return result.Success ? image.ToArray() : throw new InvalidOperationException(string.Join('\n', result.Diagnostics));
    }

    // An assembly of that name with one type, to be referenced.
    private static MetadataReference Stub(string name)
    {
        var compilation = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText($"namespace Stubs {{ public class {name.Replace(".", "_", StringComparison.Ordinal)} {{ }} }}")],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var image = new MemoryStream();
        compilation.Emit(image);
        image.Position = 0;
        return MetadataReference.CreateFromStream(image);
    }
}
