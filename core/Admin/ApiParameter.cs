using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Kipuka.Admin;

/// <summary>A parameter in the query of an endpoint: what the OpenAPI document says of it. One that no endpoint declares is refused by name.</summary>
/// <param name="Name">As it is written in the query.</param>
/// <param name="Help">One sentence.</param>
internal sealed record ApiParameter(string Name, string Help)
{
    /// <summary>The smallest number; with one the parameter is a number.</summary>
    public int? Least { get; init; }

    public int? Most { get; init; }

    /// <summary>What counts without it.</summary>
    public string? Usual { get; init; }

    /// <summary>The only values that there are.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>A value for people to go by.</summary>
    public string? Example { get; init; }

    public static ApiParameter Page { get; } = new("page", "The page, from 1.") { Least = 1, Most = 1_000_000, Usual = "1" };

    public static ApiParameter PerPage(int usual) => new("per_page", "How many a page has.")
    {
        Least = 1,
        Most = 1000,
        Usual = usual.ToString(CultureInfo.InvariantCulture),
    };

    public OpenApiSchema Schema => new()
    {
        Type = Least is null ? JsonSchemaType.String : JsonSchemaType.Integer,
        Minimum = Least?.ToString(CultureInfo.InvariantCulture),
        Maximum = Most?.ToString(CultureInfo.InvariantCulture),
        Default = Usual is null ? null : Least is null ? Usual : int.Parse(Usual, CultureInfo.InvariantCulture),
        Enum = Values.Count == 0 ? null : [.. Values.Select(value => (JsonNode)value)],
        Examples = Example is null ? null : [Example],
        MaxLength = Least is null && Values.Count == 0 ? 1024 : null,
    };
}
