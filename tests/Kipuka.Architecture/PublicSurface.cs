using System.Reflection;
using System.Text;

namespace Kipuka.Architecture;

/// <summary>The public members of an assembly, one a line, sorted: what a vendor's compiled plugin depends on.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(string file) => Of(Assembly.LoadFrom(file));

    public static string Of(Assembly assembly)
    {
        var lines = assembly.GetExportedTypes()
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .SelectMany(type => Members(type).Order(StringComparer.Ordinal).Prepend(Head(type)));
        return new StringBuilder().AppendJoin('\n', lines).Append('\n').ToString();
    }

    private static string Head(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.IsSealed ? "sealed class" : type.IsAbstract ? "abstract class" : "class";
        return $"{kind} {type}";
    }

    private static IEnumerable<string> Members(Type type) => type.GetMembers(Declared)
        .Where(member => member is not Type && IsVisible(member) && !member.Name.Contains('<', StringComparison.Ordinal))
        .Where(member => member is not MethodBase { IsSpecialName: true } || member is ConstructorInfo)
        .Select(member => $"    {member}");

    private static bool IsVisible(MemberInfo member) => member switch
    {
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(true).Any(IsVisible),
        EventInfo added => added.GetAddMethod(true) is { } add && IsVisible(add),
        _ => false,
    };
}
