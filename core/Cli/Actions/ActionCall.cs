using System.Text;
using System.Text.Json;
using Kipuka.Catalog;

namespace Kipuka.Cli.Actions;

/// <summary>One call of an admin action: where the values of its parameters go.</summary>
internal static class ActionCall
{
    /// <summary>The placeholders of the action's path, in order.</summary>
    public static IReadOnlyList<string> Placeholders(AdminActionDescription action) =>
        [.. action.Path.Split('/').Where(part => part.StartsWith('{')).Select(part => part[1..^1])];

    /// <param name="action">What to call.</param>
    /// <param name="values">What was given, by parameter.</param>
    public static Task<JsonElement?> SendAsync(
        AdminClient client, AdminActionDescription action, IReadOnlyDictionary<string, string> values, CancellationToken cancel)
    {
        var placeholders = Placeholders(action);
        var path = string.Join('/', action.Path.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(values[part[1..^1]]) : part));
        var rest = values.Where(value => !placeholders.Contains(value.Key)).ToList();
        if (action.Method == "POST")
        {
            return client.CallAsync(HttpMethod.Post, path, Body(rest), cancel);
        }
        var query = string.Join('&', rest.Select(value => $"{value.Key}={Uri.EscapeDataString(value.Value)}"));
        return client.CallAsync(HttpMethod.Parse(action.Method), query.Length > 0 ? $"{path}?{query}" : path, null, cancel);
    }

    private static byte[] Body(IEnumerable<KeyValuePair<string, string>> members)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in members)
            {
                json.WriteString(name, value);
            }
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
