using System.Text;

namespace Kipuka.Config;

/// <summary>
/// Paths of keys as people write them: <c>tls.client_auth.mode</c>, <c>ca[2].file</c>, <c>gssapi.principal_mapping."user@EXAMPLE.COM"</c>.
/// Indexes count from 0.
/// </summary>
internal static class ConfigPath
{
    public static string Combine(string table, string key) => table.Length == 0 ? Quote(key) : $"{table}.{Quote(key)}";

    public static string Item(string path, int index) => $"{path}[{index}]";

    /// <summary>The steps from the root: a key, or an index into the array before it.</summary>
    public static IEnumerable<(string Key, int? Index)> Steps(string path)
    {
        foreach (var part in Split(path))
        {
            var bracket = part.StartsWith('"') ? -1 : part.IndexOf('[');
            yield return (Unquote(bracket < 0 ? part : part[..bracket]), null);
            if (bracket < 0) continue;
            foreach (var index in part[(bracket + 1)..^1].Split("]["))
            {
                yield return ("", int.Parse(index, System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    /// <summary>The table's path and the key; the table is empty for a key of the root.</summary>
    public static (string Table, string Key) SplitLast(string path)
    {
        var parts = Split(path);
        return (string.Join('.', parts[..^1]), parts[^1]);
    }

    private static bool IsBare(string key) => key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');

    private static string Quote(string key) => IsBare(key) ? key : $"\"{key.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static string Unquote(string part) =>
        part.StartsWith('"') ? part[1..^1].Replace("\\\"", "\"").Replace("\\\\", "\\") : part;

    private static List<string> Split(string path)
    {
        List<string> parts = [];
        var part = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c == '.' && !quoted)
            {
                parts.Add(part.ToString());
                part.Clear();
                continue;
            }

            if (c == '"') quoted = !quoted;
            part.Append(c);
            if (c == '\\' && quoted && i + 1 < path.Length) part.Append(path[++i]);
        }

        parts.Add(part.ToString());
        return parts;
    }
}
