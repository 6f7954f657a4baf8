using System.Reflection;
using System.Reflection.Metadata;

namespace Kipuka.Catalog;

/// <summary>Judges by metadata whether the host could make a plugin's class.</summary>
internal static class PluginTypes
{
    /// <returns>What is wrong with it; null when it is a public class of this assembly with a public parameterless constructor.</returns>
    public static string? Refuse(MetadataReader reader, string written)
    {
        if (NameIn(reader, written) is not { } name || Find(reader, name) is not { } type)
        {
            return "this assembly has no such class";
        }
        var attributes = type.Attributes;
        var visibility = attributes & TypeAttributes.VisibilityMask;
        if (visibility is not (TypeAttributes.Public or TypeAttributes.NestedPublic))
        {
            return "the class must be public";
        }
        if ((attributes & (TypeAttributes.Abstract | TypeAttributes.Interface)) != 0 || type.GetGenericParameters().Count > 0)
        {
            return "the class must be neither abstract nor generic";
        }
        return type.GetMethods().Select(reader.GetMethodDefinition).Any(method => IsDefaultConstructor(reader, method))
            ? null
            : "the class must have a public constructor without parameters";
    }

    /// <summary>A type argument's full name; null when it is of another assembly. Some compilers name the assembly also when it is the same.</summary>
    public static string? NameIn(MetadataReader reader, string written)
        => TypeName.TryParse(written, out var type)
            && (type.AssemblyName is not { } assembly || assembly.Name == reader.GetString(reader.GetAssemblyDefinition().Name))
            ? type.FullName
            : null;

    private static TypeDefinition? Find(MetadataReader reader, string name)
    {
        foreach (var handle in reader.TypeDefinitions)
        {
            var type = reader.GetTypeDefinition(handle);
            if (FullName(reader, type) == name)
            {
                return type;
            }
        }
        return null;
    }

    private static string FullName(MetadataReader reader, TypeDefinition type)
    {
        var name = reader.GetString(type.Name);
        if (type.IsNested)
        {
            return $"{FullName(reader, reader.GetTypeDefinition(type.GetDeclaringType()))}+{name}";
        }
        var space = reader.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private static bool IsDefaultConstructor(MetadataReader reader, MethodDefinition method)
    {
        if (reader.GetString(method.Name) != ConstructorInfo.ConstructorName
            || (method.Attributes & MethodAttributes.MemberAccessMask) != MethodAttributes.Public)
        {
            return false;
        }
        // A signature is its header, then the number of parameters as a compressed integer (ECMA-335 II.23.2.1).
        var signature = reader.GetBlobReader(method.Signature);
        return !signature.ReadSignatureHeader().IsGeneric && signature.ReadCompressedInteger() == 0;
    }
}
