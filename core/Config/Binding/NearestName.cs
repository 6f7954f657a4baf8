namespace Kipuka.Config.Binding;

/// <summary>The name that somebody probably meant.</summary>
internal static class NearestName
{
    /// <returns>Null when none is near enough to be more help than harm.</returns>
    public static string? Find(string wrong, IEnumerable<string> names)
    {
        var plain = Plain(wrong);
        var best = names
            .Select(name => (Name: name, Distance: Distance(plain, Plain(name))))
            .Where(x => x.Distance <= Math.Max(1, Math.Min(plain.Length, x.Name.Length) / 3))
            .OrderBy(x => x.Distance).ThenBy(x => x.Name, StringComparer.Ordinal)
            .FirstOrDefault();
        return best.Name;
    }

    /// <summary>What to say of a key that is none of those known.</summary>
    public static string Propose(string wrong, IEnumerable<string> known)
    {
        string[] names = [.. known.Order(StringComparer.Ordinal)];
        if (names.Length == 0) return "is not a key here; remove it";
        return Find(wrong, names) is { } nearest
            ? $"is not a key here; did you mean {nearest}?"
            : $"is not a key here; the keys are {string.Join(", ", names)}";
    }

    /// <summary>
    /// Damerau-Levenshtein in its restricted form: insertions, deletions, replacements and swaps of neighbours, each of cost 1.
    /// </summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) rows[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) rows[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, rows[i - 2, j - 2] + 1);
                rows[i, j] = least;
            }
        }

        return rows[a.Length, b.Length];
    }

    // Case and the kind of dash are what people remember least.
    private static string Plain(string name) => (name.Length > 100 ? name[..100] : name).ToLowerInvariant().Replace('-', '_');
}
