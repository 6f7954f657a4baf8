using System.Collections;
using System.Reflection;

namespace Kipuka.Sdk.Tck;

/// <summary>Finds the secrets of settings.</summary>
public static class TckSecrets
{
    private const int Deepest = 16;

    /// <summary>Every <see cref="Secret"/> and <see cref="SecretFile"/> that a settings record holds, also in sub-tables, lists and dictionaries.</summary>
    public static IReadOnlyList<Secret> In(object settings)
    {
        List<Secret> found = [];
        Walk(settings, found, 0);
        return found;
    }

    private static void Walk(object? value, List<Secret> found, int depth)
    {
        switch (value)
        {
            case null or string or Type:
                return;
            case Secret secret:
                found.Add(secret);
                return;
            case SecretFile file:
                found.Add(file.Content);
                return;
            case IDictionary dictionary:
                Walk(dictionary.Values, found, depth);
                return;
            case IEnumerable items:
                foreach (var item in items)
                {
                    Walk(item, found, depth + 1);
                }
                return;
            default:
                WalkRecord(value, found, depth);
                return;
        }
    }

    private static void WalkRecord(object record, List<Secret> found, int depth)
    {
        var type = record.GetType();
        if (depth > Deepest || type.IsEnum || type.Assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal))
        {
            // A KeyValuePair is how a dictionary hands out its entries where it is no IDictionary.
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>))
            {
                Walk(type.GetProperty("Value")!.GetValue(record), found, depth + 1);
            }
            return;
        }
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.CanRead && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike)
            {
                Walk(property.GetValue(record), found, depth + 1);
            }
        }
    }
}
