using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Kipuka.Sdk;

namespace Kipuka.Config.Binding;

/// <summary>A property of a settings record, as keys of kipuka.toml see it.</summary>
internal sealed class SettingProperty
{
    private SettingProperty(PropertyInfo property)
    {
        Property = property;
        Rules = property.GetCustomAttribute<SettingAttribute>() ?? new SettingAttribute();
        Key = Rules.Key ?? SnakeCase(property.Name);
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute), inherit: true);
    }

    public PropertyInfo Property { get; }

    public SettingAttribute Rules { get; }

    /// <summary>With a dot it is a path from the root.</summary>
    public string Key { get; }

    public bool IsRequired { get; }

    public IEnumerable<string> Names => [Key, .. Rules.Aliases];

    /// <remarks>Found anew for each record and never kept: a cache would hold the plugin's assembly.</remarks>
    public static IEnumerable<SettingProperty> Of(Type record) => record
        .GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.SetMethod is { IsPublic: true } && p.GetIndexParameters().Length == 0)
        .Select(p => new SettingProperty(p));

    /// <summary><c>MaxUses</c> is <c>max_uses</c>.</summary>
    public static string SnakeCase(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
