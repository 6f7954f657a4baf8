namespace Kipuka.Sdk;

/// <summary>
/// Declares what a plugin adds to the admin API and to the command line. Read without running code, so that <c>kipuka --help</c> shows it.
/// The service carries it out by implementing <see cref="IAdminActions"/>.
/// </summary>
/// <param name="kind">The kind of the plugin that the action belongs to.</param>
/// <param name="name">The name of the plugin that the action belongs to.</param>
/// <param name="method"><c>GET</c>, <c>POST</c> or <c>DELETE</c>.</param>
/// <param name="path">Below <c>/admin/</c>, with placeholders: <c>otp/{id}</c>. Several actions may share a command.</param>
/// <param name="command">The words after <c>kipuka</c>: <c>otp revoke</c>. Placeholders of the path become arguments.</param>
/// <param name="summary">One sentence for help texts and the OpenAPI document.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class AdminActionAttribute(string kind, string name, string method, string path, string command, string summary) : Attribute
{
    /// <summary>The kind of the plugin that the action belongs to.</summary>
    public string Kind => kind;

    /// <summary>The name of the plugin that the action belongs to.</summary>
    public string Name => name;

    /// <summary>The HTTP method.</summary>
    public string Method => method;

    /// <summary>The path below <c>/admin/</c>.</summary>
    public string Path => path;

    /// <summary>The words of the command, which also identify the action in <see cref="AdminCall.Command"/>.</summary>
    public string Command => command;

    /// <summary>One sentence for people.</summary>
    public string Summary => summary;

    /// <summary>
    /// The parameters as <c>name: what it is</c>. In a path they are path parameters; of a GET or DELETE, query parameters; of a POST, members of
    /// the JSON body, all of them strings on the command line (<c>entity_id</c> becomes <c>--entity-id</c>).
    /// </summary>
    public string[] Parameters { get; init; } = [];

    /// <summary>Further paths at which the same action stands, with the placeholders of <see cref="Path"/>: <c>otp/generate</c>.</summary>
    public string[] AlsoAt { get; init; } = [];

    /// <summary>
    /// Which of <see cref="Parameters"/> name an EST label. The host answers 400 where the configuration has no such label, so that nobody finds out at the
    /// first enrollment that it was misspelt. What is empty or no text is left to the service.
    /// </summary>
    public string[] LabelParameters { get; init; } = [];

    /// <summary>
    /// The answers as <c>status: what it means</c>, such as <c>201: the password</c>, for the OpenAPI document. Those that every action can have
    /// (400, 401, 403, 404, 405, 413, 415, 500, 503) need not be named; a status from 400 on has the one shape of errors.
    /// </summary>
    public string[] Answers { get; init; } = [];

    /// <summary>The body of a 2xx answer as a JSON Schema (draft 2020-12), which is JSON text; empty when it has none or is not described.</summary>
    public string AnswerSchema { get; init; } = "";
}
