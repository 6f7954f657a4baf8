using System.Globalization;
using System.Net.Http;
using Kipuka.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace Kipuka.Admin;

/// <summary>What a plugin's declared action looks like in the OpenAPI document.</summary>
internal static class ActionDocument
{
    private const string Json = "application/json";

    public static void Add(OpenApiDocument document, AdminActionDescription action)
    {
        document.Paths ??= [];
        var path = $"/admin/{action.Path}";
        if (!document.Paths.TryGetValue(path, out var item))
        {
            document.Paths[path] = item = new OpenApiPathItem();
        }
        var tag = $"{action.Kind}:{action.Name}";
        if (document.Tags!.All(known => known.Name != tag))
        {
            document.Tags!.Add(new OpenApiTag { Name = tag, Description = $"What the plugin {action.Kind}:{action.Name} adds." });
        }
        ((OpenApiPathItem)item).AddOperation(new HttpMethod(action.Method), Operation(document, action, tag));
    }

    private static OpenApiOperation Operation(OpenApiDocument document, AdminActionDescription action, string tag)
    {
        var isPost = action.Method == HttpMethods.Post;
        var inBody = isPost ? action.Parameters.Where(parameter => !InPath(action, parameter.Name)).ToList() : [];
        var operation = new OpenApiOperation
        {
            Summary = action.Summary,
            OperationId = Id(action),
            Tags = new HashSet<OpenApiTagReference> { new(tag, document) },
            Parameters = [.. action.Parameters.Except(inBody).Select(parameter => Parameter(action, parameter))],
            RequestBody = isPost ? Body(inBody) : null,
            Responses = Answers(document, action),
        };
        int[] more = isPost ? [400, 413, 415, 503] : [400, 503];
        ApiDocument.AddErrors(operation, document, action.Path.Contains('{', StringComparison.Ordinal) ? [404, .. more] : more);
        return operation;
    }

    // otp/{id} with DELETE becomes deleteOtpId.
    private static string Id(AdminActionDescription action) => action.Method.ToLowerInvariant() + string.Concat(
        action.Path.Split(['/', '{', '}', '-', '_'], StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static OpenApiParameter Parameter(AdminActionDescription action, ActionParameter parameter) => new()
    {
        Name = parameter.Name,
        Description = parameter.Help,
        In = InPath(action, parameter.Name) ? ParameterLocation.Path : ParameterLocation.Query,
        Required = InPath(action, parameter.Name),
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = PluginActions.MaxValue },
    };

    private static OpenApiRequestBody Body(IEnumerable<ActionParameter> members) => new()
    {
        Description = "What is wanted; at most 64 KiB.",
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Json] = new()
            {
                Schema = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Properties = members.ToDictionary(member => member.Name, member => (IOpenApiSchema)new OpenApiSchema { Description = member.Help }),
                },
            },
        },
    };

    private static OpenApiResponses Answers(OpenApiDocument document, AdminActionDescription action)
    {
        var answers = new OpenApiResponses();
        foreach (var answer in action.Answers.Count > 0 ? action.Answers : [new ActionParameter("200", "The plugin's answer.")])
        {
            var isError = int.Parse(answer.Name, CultureInfo.InvariantCulture) >= StatusCodes.Status400BadRequest;
            IOpenApiSchema? schema = isError ? new OpenApiSchemaReference(nameof(AdminError), document) : Schema(document, action.AnswerSchema);
            answers[answer.Name] = new OpenApiResponse
            {
                Description = answer.Help,
                Content = schema is null || answer.Name == "204" ? null : new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema } },
            };
        }
        return answers;
    }

    private static OpenApiSchema? Schema(OpenApiDocument document, string text) => text.Length == 0
        ? null
        : OpenApiModelFactory.Parse<OpenApiSchema>(text, OpenApiSpecVersion.OpenApi3_1, document, out _, OpenApiConstants.Json);

    private static bool InPath(AdminActionDescription action, string parameter) => action.Path.Contains($"{{{parameter}}}", StringComparison.Ordinal);
}
