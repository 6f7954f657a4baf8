using System.Reflection.Metadata;

namespace Kipuka.Catalog;

/// <summary>What decoding attributes needs to know about types: only that the SDK's attributes hold texts, arrays of texts and types.</summary>
internal sealed class AttributeTypes : ICustomAttributeTypeProvider<string>
{
    public static readonly AttributeTypes Instance = new();

    private const string SystemType = "System.Type";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

    public string GetSystemType() => SystemType;

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeDefinition(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = reader.GetTypeReference(handle);
        return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
    }

    /// <summary>A type argument as the compiler writes it: without its assembly when it is of the same one.</summary>
    public string GetTypeFromSerializedName(string name) => name;

    // No attribute of the SDK has an enumeration.
    public PrimitiveTypeCode GetUnderlyingEnumType(string type) => throw new BadImageFormatException($"{type} is no type of an SDK attribute.");

    public bool IsSystemType(string type) => type == SystemType;
}
