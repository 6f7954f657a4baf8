namespace Kipuka.Catalog;

/// <summary>One declared admin action, so that help texts and the OpenAPI document need no running plugin.</summary>
/// <param name="Kind">The kind of the plugin that carries it out.</param>
/// <param name="Name">The name of the plugin that carries it out.</param>
/// <param name="Method"><c>GET</c>, <c>POST</c> or <c>DELETE</c>.</param>
/// <param name="Path">Below <c>/admin/</c>, with placeholders: <c>otp/{id}</c>.</param>
/// <param name="Command">The words after <c>kipuka</c>.</param>
/// <param name="Summary">One sentence for people.</param>
/// <param name="Parameters">In the order of their declaration.</param>
internal sealed record AdminActionDescription(
    string Kind,
    string Name,
    string Method,
    string Path,
    string Command,
    string Summary,
    IReadOnlyList<ActionParameter> Parameters)
{
    /// <summary>Names of the parameters that take a label of the configuration.</summary>
    public IReadOnlyList<string> LabelParameters { get; init; } = [];

    /// <summary>Statuses and what they mean.</summary>
    public IReadOnlyList<ActionParameter> Answers { get; init; } = [];

    /// <summary>JSON Schema of a 2xx answer's body; empty for none.</summary>
    public string AnswerSchema { get; init; } = "";
}
