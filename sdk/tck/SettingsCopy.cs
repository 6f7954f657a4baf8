using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kipuka.Sdk.Tck;

/// <summary>Copies a settings record into the types of the same assembly, loaded a second time. What is not of that assembly is shared.</summary>
internal sealed class SettingsCopy(Assembly from, Assembly to)
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static object Of(object settings, Assembly from, Assembly to) => new SettingsCopy(from, to).Copy(settings, settings.GetType())!;

    private object? Copy(object? value, Type declared)
    {
        if (value is null || !Mentions(declared) && !Mentions(value.GetType()))
        {
            return value;
        }
        if (declared.IsGenericType && value is IEnumerable items && value is not string)
        {
            return CopyItems(items, declared);
        }
        var type = Map(value.GetType());
        if (type.IsEnum)
        {
            return Enum.ToObject(type, value);
        }
        var copy = RuntimeHelpers.GetUninitializedObject(type);
        for (Type? source = value.GetType(), target = type; source is not null && target is not null; source = source.BaseType, target = target.BaseType)
        {
            foreach (var field in source.GetFields(Fields))
            {
                target.GetField(field.Name, Fields)!.SetValue(copy, Copy(field.GetValue(value), field.FieldType));
            }
        }
        return copy;
    }

    private object CopyItems(IEnumerable items, Type declared)
    {
        var arguments = declared.GetGenericArguments();
        if (arguments.Length == 1)
        {
            var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(Map(arguments[0])))!;
            foreach (var item in items)
            {
                list.Add(Copy(item, arguments[0]));
            }
            return list;
        }
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments[0], Map(arguments[1])))!;
        foreach (var entry in items)
        {
            var type = entry.GetType();
            dictionary.Add(type.GetProperty("Key")!.GetValue(entry)!, Copy(type.GetProperty("Value")!.GetValue(entry), arguments[1]));
        }
        return dictionary;
    }

    private bool Mentions(Type type) => type.Assembly == from || (type.IsGenericType && type.GetGenericArguments().Any(Mentions));

    private Type Map(Type type)
    {
        if (type.IsGenericType)
        {
            return Map(type.GetGenericTypeDefinition(), type.GetGenericArguments());
        }
        return type.Assembly == from ? to.GetType(type.FullName!, throwOnError: true)! : type;
    }

    private Type Map(Type definition, Type[] arguments)
        => (definition.Assembly == from ? to.GetType(definition.FullName!, throwOnError: true)! : definition).MakeGenericType([.. arguments.Select(Map)]);
}
