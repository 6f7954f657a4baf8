using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Kipuka.Architecture;

/// <summary>An assembly, read without loading it: what it references and what its code uses.</summary>
internal sealed class Code
{
    private Code(string name, IReadOnlyList<string> references, IReadOnlyList<CodeUse> uses)
    {
        Name = name;
        References = references;
        Uses = uses;
    }

    public string Name { get; }

    /// <summary>Names of the referenced assemblies.</summary>
    public IReadOnlyList<string> References { get; }

    public IReadOnlyList<CodeUse> Uses { get; }

    public static Code Read(string file) => Read(File.ReadAllBytes(file));

    public static Code Read(byte[] image)
    {
        using var file = new PEReader([.. image]);
        var metadata = file.GetMetadataReader();
        var names = new MetadataNames(metadata);
        var references = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name)).ToList();
        var uses = new HashSet<CodeUse>();
        foreach (var handle in metadata.TypeDefinitions)
        {
            var type = metadata.GetTypeDefinition(handle);
            var owner = names.Outermost(handle);
            AddType(type.BaseType);
            foreach (var implemented in type.GetInterfaceImplementations())
            {
                AddType(metadata.GetInterfaceImplementation(implemented).Interface);
            }
            foreach (var field in type.GetFields())
            {
                AddAll(metadata.GetFieldDefinition(field).DecodeSignature(names.Signatures, null));
            }
            foreach (var method in type.GetMethods().Select(metadata.GetMethodDefinition))
            {
                var signature = method.DecodeSignature(names.Signatures, null);
                AddAll(signature.ReturnType.Concat(signature.ParameterTypes.SelectMany(parameter => parameter)));
                if (method.RelativeVirtualAddress != 0)
                {
                    var body = file.GetMethodBody(method.RelativeVirtualAddress);
                    uses.UnionWith(IntermediateCode.Uses(body.GetILReader(), names, owner));
                    if (!body.LocalSignature.IsNil)
                    {
                        AddAll(metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names.Signatures, null).SelectMany(local => local));
                    }
                }
            }

            void AddType(EntityHandle used)
            {
                if (!used.IsNil)
                {
                    AddAll(names.TypesOf(used));
                }
            }

            void AddAll(IEnumerable<string> types)
            {
                foreach (var name in types)
                {
                    uses.Add(new CodeUse(owner, UseKind.Type, name));
                }
            }
        }
        return new Code(metadata.GetString(metadata.GetAssemblyDefinition().Name), references, [.. uses]);
    }
}
