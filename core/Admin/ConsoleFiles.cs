using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using Kipuka.Catalog;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>
/// The web console's files, carried inside the program. They hold no data, so they need no credential: what they show they ask of
/// <c>/admin</c>, which does.
/// </summary>
internal sealed class ConsoleFiles(Generations generations)
{
    private const string Root = "/console";
    private const string Folder = "console/";
    private const string Start = "index.html";

    // No script, style or image but our own, and none inside the page; nobody may frame it.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

    private static readonly FrozenDictionary<string, File> Files = Load();

    public static bool Owns(PathString path) => path.StartsWithSegments(Root, StringComparison.Ordinal);

    public Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        SetHeaders(response);
        var path = request.Path.Value![Root.Length..];
        if (!generations.Current.Part<AdminAccess>().IsEnabled || (path.Length > 0 && !Files.ContainsKey(NameOf(path))))
        {
            return AdminJson.WriteErrorAsync(context, StatusCodes.Status404NotFound, "not_found", "there is no such page");
        }
        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            response.Headers.Allow = "GET, HEAD";
            return AdminJson.WriteErrorAsync(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", "the console's files are only read");
        }
        return path.Length == 0 ? RedirectAsync(response) : SendAsync(context, Files[NameOf(path)]);
    }

    // The files name each other relative to the folder.
    private static Task RedirectAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status308PermanentRedirect;
        response.Headers.Location = Root + "/";
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Task SendAsync(HttpContext context, File file)
    {
        var response = context.Response;
        response.Headers.ETag = file.Tag;
        // Kept, but asked about each time: a new version of the server brings all its files at once.
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.ToString().Contains(file.Tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = file.Type;
        response.ContentLength = file.Content.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(file.Content, context.RequestAborted).AsTask();
    }

    private static void SetHeaders(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static string NameOf(string path) => path == "/" ? Start : path[1..];

    private static FrozenDictionary<string, File> Load()
    {
        var program = Assembly.GetExecutingAssembly();
        return program.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Folder.Length..], name => Read(program, name), StringComparer.Ordinal);
    }

    private static File Read(Assembly program, string name)
    {
        using var resource = program.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        var bytes = content.ToArray();
        return new File(bytes, TypeOf(name), $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..32]}\"");
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => throw new InvalidOperationException($"The console's file {name} is of no type that is known."),
    };

    private sealed record File(ReadOnlyMemory<byte> Content, string Type, string Tag);
}
