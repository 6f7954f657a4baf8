using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Kipuka.Store;

/// <summary>One file of <c>migrations/&lt;engine&gt;</c>, embedded in the program.</summary>
internal sealed record MigrationScript(int Number, string Name, string Sql)
{
    /// <summary>Lower-case hex SHA-256 of the text with LF line ends, whichever ends the checkout gave it.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql.ReplaceLineEndings("\n"))));

    /// <summary>The engine's scripts in their order.</summary>
    public static IReadOnlyList<MigrationScript> Of(string engine)
    {
        Assembly program = typeof(MigrationScript).Assembly;
        string folder = $".Store.migrations.{engine}.";
        return [.. from resource in program.GetManifestResourceNames()
                   let at = resource.IndexOf(folder, StringComparison.Ordinal)
                   where at >= 0
                   orderby resource
                   select Load(program, resource, resource[(at + folder.Length)..^".sql".Length])];
    }

    private static MigrationScript Load(Assembly program, string resource, string name)
    {
        using StreamReader reader = new(program.GetManifestResourceStream(resource)!);
        return new MigrationScript(int.Parse(name.AsSpan(0, 4), CultureInfo.InvariantCulture), name, reader.ReadToEnd());
    }
}
