using System.Text.Json;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Config;
using Kipuka.Sdk;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;

namespace Kipuka.Admin;

/// <summary>What plugins add to the admin API: routed against the generation that serves at that moment.</summary>
internal sealed class PluginActions(Generations generations, ILogger<PluginActions> log)
{
    private const int MaxBody = 64 * 1024;
    private const int MostLabelsNamed = 20;
    public const int MaxValue = 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Carries out the action of this method and path; false when no plugin has one.</summary>
    public async Task<bool> TryRunAsync(HttpContext context)
    {
        using var lease = generations.Enter();
        var matches = Find(lease.Generation, context.Request.Path).ToList();
        if (matches.Count == 0)
        {
            return false;
        }
        var method = HttpMethods.IsHead(context.Request.Method) ? HttpMethods.Get : context.Request.Method;
        if (matches.Find(match => match.Action.Method == method) is not { Instance: not null } match)
        {
            context.Response.Headers.Allow = string.Join(", ", matches.Select(candidate => candidate.Action.Method).Distinct());
            await AdminJson.WriteErrorAsync(
                context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "the resource has no such method; see Allow");
            return true;
        }
        var parameters = Parameters(match.Action, match.Values, context.Request.Query);
        var body = method == HttpMethods.Post ? await ReadBodyAsync(context) : null;
        CheckLabels(match.Action, parameters, body, lease.Generation.Config);
        var call = new AdminCall(match.Action.Command, AdminGate.OperatorOf(context), parameters, body);
        using var scope = AuditScope.Begin(context.Connection.RemoteIpAddress, null, AdminGate.OperatorOf(context));
        var answer = await RunAsync(match.Instance, call, context.RequestAborted);
        await AdminJson.WriteAsync(context, answer.Status, answer.Body);
        return true;
    }

    private async Task<AdminAnswer> RunAsync(Instance instance, AdminCall call, CancellationToken cancel)
    {
        try
        {
            var answer = await instance.AdminGuard.CallAsync(
                call.Command, token => instance.As<IAdminActions>()!.RunAsync(call, token), Limit, cancel);
            return answer.Status is >= 200 and < 500 ? answer : throw new PluginFaultException($"{instance}: {call.Command}", $"it answered with the status {answer.Status}");
        }
        catch (PluginFaultException fault)
        {
            log.LogError(fault, "An admin action failed: {Reason}", fault.Message);
            throw new AdminException(StatusCodes.Status503ServiceUnavailable, "plugin_fault", fault.Message);
        }
    }

    /// <summary>Adds the actions to the OpenAPI document.</summary>
    public Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        foreach (var action in generations.Current.Instances.Where(instance => instance.As<IAdminActions>() is not null).SelectMany(Actions))
        {
            ActionDocument.Add(document, action);
        }
        return Task.CompletedTask;
    }

    private static IEnumerable<(Instance Instance, AdminActionDescription Action, RouteValueDictionary Values)> Find(Generation generation, PathString path)
    {
        foreach (var instance in generation.Instances.Where(instance => instance.As<IAdminActions>() is not null))
        {
            foreach (var action in Actions(instance))
            {
                var values = new RouteValueDictionary();
                if (new TemplateMatcher(TemplateParser.Parse($"admin/{action.Path}"), []).TryMatch(path, values))
                {
                    yield return (instance, action, values);
                }
            }
        }
    }

    private static IEnumerable<AdminActionDescription> Actions(Instance instance)
        => instance.Plugin.Actions.Where(action => action.Kind == instance.Kind && action.Name == instance.Plugin.Name);

    private static Dictionary<string, string> Parameters(AdminActionDescription action, RouteValueDictionary values, IQueryCollection query)
    {
        var parameters = values.ToDictionary(value => value.Key, value => value.Value as string ?? "");
        foreach (var (name, value) in query)
        {
            var isKnown = action.Parameters.Any(parameter => parameter.Name == name) && !parameters.ContainsKey(name);
            if (!isKnown || value.Count != 1 || value[0]!.Length > MaxValue)
            {
                throw new AdminException(StatusCodes.Status400BadRequest, "bad_request", $"the parameter {name} is unknown, given twice or too long");
            }
            parameters[name] = value[0]!;
        }
        return parameters.Any(parameter => parameter.Value.Length > MaxValue)
            ? throw new AdminException(StatusCodes.Status400BadRequest, "bad_request", "a part of the path is too long")
            : parameters;
    }

    private static void CheckLabels(AdminActionDescription action, Dictionary<string, string> parameters, JsonElement? body, KipukaConfig config)
    {
        foreach (var name in action.LabelParameters)
        {
            var given = parameters.GetValueOrDefault(name)
                ?? (body is { ValueKind: JsonValueKind.Object } members && members.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null);
            if (given is { Length: > 0 } && !config.LabelNames.Contains(given))
            {
                var known = string.Join(", ", config.LabelNames.Take(MostLabelsNamed));
                throw new AdminException(
                    StatusCodes.Status400BadRequest, "invalid_request",
                    $"{name}: there is no label '{Text.Printable(given)}'; {(known.Length == 0 ? "the configuration has none" : $"there are {known}")}"
                        + (config.LabelNames.Count() > MostLabelsNamed ? " and others (GET /admin/labels)" : ""));
            }
        }
    }

    private static async Task<JsonElement?> ReadBodyAsync(HttpContext context)
    {
        // Without a length and without chunks there is no body either: curl -X POST.
        if (context.Request.ContentLength == 0 || (context.Request.ContentLength is null && context.Request.Headers.TransferEncoding.Count == 0))
        {
            return null;
        }
        if (!context.Request.HasJsonContentType())
        {
            throw new AdminException(StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type", "the body must be application/json");
        }
        var buffer = new byte[MaxBody + 1];
        var length = 0;
        for (int read; length < buffer.Length && (read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted)) > 0; length += read)
        {
        }
        if (length > MaxBody)
        {
            throw new AdminException(StatusCodes.Status413PayloadTooLarge, "too_large", $"the body has more than {MaxBody} bytes");
        }
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(buffer.AsMemory(0, length), options);
            CheckTexts(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new AdminException(StatusCodes.Status400BadRequest, "bad_request", "the body is not JSON, or a member of it is given twice");
        }
    }

    // Half a surrogate pair is seen only by whoever reads the text: that shall not be the plugin.
    private static void CheckTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                value.GetString();
                break;
            case JsonValueKind.Array:
                value.EnumerateArray().ToList().ForEach(CheckTexts);
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    CheckTexts(member.Value);
                }
                break;
        }
    }
}
