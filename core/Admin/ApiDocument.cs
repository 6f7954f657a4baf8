using System.Net.Http;
using Kipuka.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Kipuka.Admin;

/// <summary>Completes the OpenAPI document with what the handlers' types do not say: parameters, errors, ways in, tags.</summary>
internal static class ApiDocument
{
    private const string Bearer = "bearer";
    private const string Certificate = "mutualTLS";

    private static readonly (string Name, string About)[] Tags =
    [
        ("Health", "Whether the server works, and its figures."),
        ("CAs", "The certification authorities, and the groups that they stand in for each other in."),
        ("Certificates", "What was issued: found, shown, revoked, renewed early."),
        ("Requests", "Certificates that wait for an operator's word."),
        ("Audit", "The journal."),
        ("Server", "Labels, plugins, the configuration, and this document."),
        ("Operator", "Who the caller is."),
    ];

    private static readonly Dictionary<int, string> Reasons = new()
    {
        [200] = "Done.",
        [201] = "Made.",
        [204] = "Done; there is nothing to say.",
        [400] = "A parameter or the body is wrong; the message says which.",
        [401] = "No acceptable credential.",
        [403] = "Too many wrong credentials from this address, a page of another origin, or nothing that this operator may decide.",
        [404] = "There is no such thing.",
        [409] = "The state of things does not allow it; the message says why.",
        [413] = "The body is too large.",
        [415] = "The body is not application/json.",
        [429] = "Too much at this moment; again in some seconds.",
        [500] = "A fault of the server; its log has the details under the reference in the message.",
        [503] = "Something that is needed does not answer now.",
    };

    private static readonly Dictionary<string, string> PathParts = new()
    {
        ["id"] = "The id, as the list shows it.",
        ["serial"] = "The serial number in hex, in any case, with or without colons or 0x.",
        ["group"] = "The group's name, or the id of a CA that is in none.",
    };

    public static void Complete(OpenApiOptions options)
    {
        options.AddOperationTransformer((operation, context, _) =>
        {
            Complete(operation, context);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            Complete(document);
            return Task.CompletedTask;
        });
    }

    /// <summary>What a status means, where nobody says it better.</summary>
    public static string Reason(int status) => Reasons.GetValueOrDefault(status, "An answer.");

    /// <summary>The errors that every operation behind the door can have.</summary>
    public static void AddErrors(OpenApiOperation operation, OpenApiDocument? document, params int[] more)
    {
        operation.Responses ??= [];
        foreach (var status in (int[])[401, 403, 500, .. more])
        {
            operation.Responses.TryAdd(Key(status), new OpenApiResponse
            {
                Description = Reason(status),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new() { Schema = new OpenApiSchemaReference(nameof(AdminError), document) },
                },
            });
        }
    }

    private static string Key(int status) => status.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static void Complete(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var own = context.Description.ActionDescriptor.EndpointMetadata.OfType<EndpointDescription>().FirstOrDefault();
        List<IOpenApiParameter> parameters = [.. (operation.Parameters ?? []).Where(parameter => parameter.In == ParameterLocation.Path)];
        foreach (var part in parameters.OfType<OpenApiParameter>())
        {
            part.Description = PathParts[part.Name!];
        }
        parameters.AddRange((own?.Parameters ?? []).Select(parameter => new OpenApiParameter
        {
            Name = parameter.Name,
            In = ParameterLocation.Query,
            Description = parameter.Help,
            Schema = parameter.Schema,
        }));
        operation.Parameters = parameters.Count == 0 ? null : parameters;
        foreach (var (status, response) in operation.Responses ?? [])
        {
            response.Description = Reason(int.Parse(status, System.Globalization.CultureInfo.InvariantCulture));
        }
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<OpenDoor>().Any())
        {
            operation.Security = [];
        }
        else
        {
            AddErrors(operation, context.Document);
        }
        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Description ??= "What is wanted.";
            AddErrors(operation, context.Document, 400, 415);
        }
    }

    // The framework leaves the document's own endpoint out of it.
    private static void AddItself(OpenApiDocument document)
    {
        var operation = new OpenApiOperation
        {
            OperationId = "showOpenApi",
            Summary = "This document.",
            Tags = new HashSet<OpenApiTagReference> { new("Server", document) },
            Responses = new OpenApiResponses
            {
                ["200"] = new OpenApiResponse
                {
                    Description = Reason(200),
                    Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.Object } } },
                },
            },
        };
        AddErrors(operation, document);
        var item = new OpenApiPathItem();
        item.AddOperation(HttpMethod.Get, operation);
        document.Paths["/admin/openapi.json"] = item;
    }

    private static void Complete(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Kipuka admin API",
            Version = Build.Version,
            Description = "For operators of a Kipuka server and for their programs. It has a listener and credentials of its own; no credential of an EST client opens it.",
            License = new OpenApiLicense { Name = "Apache-2.0", Identifier = "Apache-2.0" },
        };
        document.Servers = [new OpenApiServer { Url = "/", Description = "The server that sent this document." }];
        document.Tags = new HashSet<OpenApiTag>(Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.About }));
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "A token whose SHA-256 is in [admin.bearer_token] tokens, or the one of [admin] bearer_token_env.",
            },
            [Certificate] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.MutualTLS,
                Description = "A client certificate below [admin] trust_anchors, with the extended key usage clientAuth.",
            },
        };
        AddItself(document);
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Certificate, document)] = [] },
        ];
    }
}
