using System.Reflection.Metadata;

namespace Kipuka.Catalog;

/// <summary>Decodes the SDK's attributes on an assembly.</summary>
internal static class AssemblyAttributes
{
    public const string SdkName = "Kipuka.Sdk";

    public static IReadOnlyList<AssemblyAttribute> Of(MetadataReader reader)
    {
        List<AssemblyAttribute> found = [];
        foreach (var handle in reader.GetAssemblyDefinition().GetCustomAttributes())
        {
            var attribute = reader.GetCustomAttribute(handle);
            // Others' attributes are not decoded: their arguments may need types that are not here.
            if (SdkType(reader, attribute) is { } type)
            {
                found.Add(new AssemblyAttribute(type, attribute.DecodeValue(AttributeTypes.Instance)));
            }
        }
        return found;
    }

    private static string? SdkType(MetadataReader reader, CustomAttribute attribute)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference
            || reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeReference } parent)
        {
            return null;
        }
        var type = reader.GetTypeReference((TypeReferenceHandle)parent);
        return type.ResolutionScope.Kind == HandleKind.AssemblyReference
            && reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == SdkName
            ? $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}"
            : null;
    }
}
