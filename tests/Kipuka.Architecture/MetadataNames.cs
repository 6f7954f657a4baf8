using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Kipuka.Architecture;

/// <summary>Full names for metadata handles.</summary>
internal sealed class MetadataNames(MetadataReader metadata)
{
    public TypeNames Signatures { get; } = new(metadata);

    /// <summary>The text of a literal's token.</summary>
    public string Text(int token) => metadata.GetUserString(System.Reflection.Metadata.Ecma335.MetadataTokens.UserStringHandle(token & 0xFFFFFF));

    /// <summary>The outermost type around a (possibly compiler-made) type.</summary>
    public string Outermost(TypeDefinitionHandle handle)
    {
        var type = metadata.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer ? Outermost(outer) : TypeNames.Join(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    /// <summary>The types that a type handle names, type arguments included.</summary>
    public IReadOnlyList<string> TypesOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => Signatures.GetTypeFromDefinition(metadata, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeReference => Signatures.GetTypeFromReference(metadata, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeSpecification => Signatures.GetTypeFromSpecification(metadata, null, (TypeSpecificationHandle)handle, 0),
        _ => [],
    };

    /// <summary>Type and name of a method or field; null for what is neither.</summary>
    public (string Member, IReadOnlyList<string> Types)? MemberOf(EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.MethodDefinition:
                var method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return Member(method.GetDeclaringType(), method.Name);
            case HandleKind.FieldDefinition:
                var field = metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                return Member(field.GetDeclaringType(), field.Name);
            case HandleKind.MemberReference:
                var member = metadata.GetMemberReference((MemberReferenceHandle)handle);
                return Member(member.Parent, member.Name);
            case HandleKind.MethodSpecification:
                return MemberOf(metadata.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
            default:
                return null;
        }
    }

    private (string, IReadOnlyList<string>)? Member(EntityHandle type, StringHandle name)
    {
        var types = TypesOf(type);
        return types.Count == 0 ? null : ($"{types[0]}.{metadata.GetString(name)}", types);
    }
}

/// <summary>Decodes signatures to the names of all types in them.</summary>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<IReadOnlyList<string>, object?>
{
    public static string Join(string space, string name) => space.Length == 0 ? name : $"{space}.{name}";

    public IReadOnlyList<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        var type = metadata.GetTypeDefinition(handle);
        var name = metadata.GetString(type.Name);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? [$"{GetTypeFromDefinition(reader, outer, 0)[0]}+{name}"]
            : [Join(metadata.GetString(type.Namespace), name)];
    }

    public IReadOnlyList<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        var type = metadata.GetTypeReference(handle);
        var name = metadata.GetString(type.Name);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? [$"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)[0]}+{name}"]
            : [Join(metadata.GetString(type.Namespace), name)];
    }

    public IReadOnlyList<string> GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
        => metadata.GetTypeSpecification(handle).DecodeSignature(this, null);

    public IReadOnlyList<string> GetGenericInstantiation(IReadOnlyList<string> genericType, ImmutableArray<IReadOnlyList<string>> typeArguments)
        => [.. genericType, .. typeArguments.SelectMany(argument => argument)];

    public IReadOnlyList<string> GetArrayType(IReadOnlyList<string> elementType, ArrayShape shape) => elementType;

    public IReadOnlyList<string> GetByReferenceType(IReadOnlyList<string> elementType) => elementType;

    public IReadOnlyList<string> GetFunctionPointerType(MethodSignature<IReadOnlyList<string>> signature) => [];

    public IReadOnlyList<string> GetGenericMethodParameter(object? genericContext, int index) => [];

    public IReadOnlyList<string> GetGenericTypeParameter(object? genericContext, int index) => [];

    public IReadOnlyList<string> GetModifiedType(IReadOnlyList<string> modifier, IReadOnlyList<string> unmodifiedType, bool isRequired) => unmodifiedType;

    public IReadOnlyList<string> GetPinnedType(IReadOnlyList<string> elementType) => elementType;

    public IReadOnlyList<string> GetPointerType(IReadOnlyList<string> elementType) => elementType;

    public IReadOnlyList<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public IReadOnlyList<string> GetSZArrayType(IReadOnlyList<string> elementType) => elementType;
}
