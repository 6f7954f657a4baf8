using Kipuka.Store;
using Kipuka.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kipuka.Admin;

/// <summary>The admin API as one delegate. It never listens itself: a transport carries it.</summary>
internal sealed class AdminApplication : IAsyncDisposable
{
    // The one path of the API that the book also has without /admin (ruling 53).
    private static readonly PathString ShortHealthPath = "/health/ca";
    private static readonly PathString HealthPath = "/admin/health/ca";

    private readonly WebApplication _application;
    private readonly RequestDelegate _routes;
    private readonly AdminGate _gate;
    private readonly PluginActions _actions;
    private readonly ConsoleFiles _console;
    private readonly TimeProvider _clock;
    private readonly ILogger<AdminApplication> _log;

    public AdminApplication(
        IEnumerable<IAdminEndpoints> endpoints, AdminGate gate, PluginActions actions, ConsoleFiles console, TimeProvider clock, ILogger<AdminApplication> log)
    {
        (_gate, _actions, _console, _clock, _log) = (gate, actions, console, clock, log);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "kipuka" });
        builder.Services.AddSingleton<IServer, NoServer>();
        builder.Services.AddRoutingCore();
        builder.Services.AddOpenApi(options =>
        {
            ApiDocument.Complete(options);
            options.AddDocumentTransformer(actions.DescribeAsync);
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = AdminJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.DictionaryKeyPolicy = null;
            json.SerializerOptions.NumberHandling = AdminJson.Options.NumberHandling;
            json.SerializerOptions.UnmappedMemberHandling = AdminJson.Options.UnmappedMemberHandling;
            json.SerializerOptions.AllowDuplicateProperties = false;
        });
        // Thrown, it says what is wrong; otherwise the answer would be an empty 400.
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        _application = builder.Build();
        _application.UseRouting();
        _application.Use(UnknownInput.RefuseParametersAsync);
        _application.Use(UnknownInput.RefuseBodyAsync);
        var admin = _application.MapGroup("/admin");
        foreach (var concern in endpoints)
        {
            concern.Map(admin);
        }
        admin.MapOpenApi("openapi.json");
        _application.UseEndpoints(_ => { });
        _application.Run(AnswerUnroutedAsync);
        _routes = ((IApplicationBuilder)_application).Build();
    }

    public async Task HandleAsync(HttpContext context)
    {
        var began = _clock.GetTimestamp();
        try
        {
            await AnswerAsync(context);
        }
        finally
        {
            // The route and not the path: what is asked for by name would be a series each.
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "";
            Metrics.AdminRequests.Record(
                _clock.GetElapsedTime(began).TotalSeconds, new("method", MethodOf(context)), new("route", route), new("status", context.Response.StatusCode));
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        // The request comes from a transport's own container, which knows nothing of the services here.
        await using var scope = _application.Services.CreateAsyncScope();
        context.RequestServices = scope.ServiceProvider;
        try
        {
            context.Response.Headers.CacheControl = "no-store";
            if (context.Request.Path == ShortHealthPath)
            {
                context.Request.Path = HealthPath;
            }
            if (ConsoleFiles.Owns(context.Request.Path))
            {
                await _console.AnswerAsync(context);
            }
            else if (await _gate.AdmitAsync(context))
            {
                await _routes(context);
                await CompleteAsync(context);
            }
        }
        catch (AdminException refusal)
        {
            await AdminJson.WriteErrorAsync(context, refusal.Status, refusal.Error, refusal.Message);
        }
        catch (BadHttpRequestException bad)
        {
            var (error, message) = BadRequests.Describe(bad);
            await AdminJson.WriteErrorAsync(context, bad.StatusCode, error, message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer.
        }
        catch (DatabaseException fault) when (!context.Response.HasStarted)
        {
            _log.LogError("{Method} {Path} failed: {Reason}", context.Request.Method, context.Request.Path, fault.Message);
            context.Response.Clear();
            context.Items[AdminGate.UnrecordedItem] = true;
            context.Response.Headers.RetryAfter = "5";
            await AdminJson.WriteErrorAsync(
                context, StatusCodes.Status503ServiceUnavailable, "database", "the server cannot reach its records at the moment");
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            var reference = Guid.NewGuid().ToString("N")[..12];
            _log.LogError(
                fault, "{Method} {Path} failed, reference {Reference}: {Reason}", context.Request.Method, context.Request.Path, reference,
                fault.Message);
            context.Response.Clear();
            await AdminJson.WriteErrorAsync(
                context, StatusCodes.Status500InternalServerError, "internal", $"the server failed; reference {reference}");
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static string MethodOf(HttpContext context) => context.Request.Method is "GET" or "HEAD" or "POST" or "PUT" or "PATCH" or "DELETE"
        ? context.Request.Method : "other";

    private async Task AnswerUnroutedAsync(HttpContext context)
    {
        if (!await _actions.TryRunAsync(context))
        {
            await AdminJson.WriteErrorAsync(context, StatusCodes.Status404NotFound, "not_found", "there is no such resource");
        }
    }

    // Routing answers a wrong method or content type with an empty body; operators get the one shape of errors.
    private static Task CompleteAsync(HttpContext context)
        => context.Response.HasStarted || context.Response.ContentLength is not null ? Task.CompletedTask : DescribeAsync(context);

    private static Task DescribeAsync(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status405MethodNotAllowed => AdminJson.WriteErrorAsync(
            context, 405, "method_not_allowed", "the resource has no such method; see Allow"),
        StatusCodes.Status415UnsupportedMediaType => AdminJson.WriteErrorAsync(
            context, 415, "unsupported_media_type", "the body must be application/json"),
        StatusCodes.Status400BadRequest => AdminJson.WriteErrorAsync(context, 400, "bad_request", "the request cannot be read"),
        // The framework has noticed it while it read the body, and swallowed it.
        StatusCodes.Status413PayloadTooLarge => AdminJson.WriteErrorAsync(context, 413, "too_large", "the body is larger than this server reads"),
        _ => Task.CompletedTask,
    };
}
