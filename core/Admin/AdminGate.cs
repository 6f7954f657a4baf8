using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Kipuka.Audit;
using Kipuka.Catalog;
using Kipuka.Sdk;
using Kipuka.Store;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>Lets operators in and nobody else, and keeps the record of it.</summary>
internal sealed class AdminGate(Generations generations, Ledger ledger, Trail trail, WrongTries wrongTries)
{
    private const string Scheme = "Bearer ";
    private const int MostFieldChars = 500;

    private static readonly object OperatorItem = new();
    private static readonly object FieldsItem = new();

    // Monitoring and an open console ask these every few seconds. They are figures, with nothing of any client in them.
    private static readonly PathString[] Unrecorded = ["/admin/health", "/admin/metrics", "/admin/stats", "/admin/whoami"];

    /// <summary>Set where a request failed because the database cannot be reached.</summary>
    public const string UnrecordedItem = "kipuka.unrecorded";

    /// <summary>The operator of an admitted request.</summary>
    public static Identity OperatorOf(HttpContext context) => FindOperator(context)!;

    /// <summary>The same; null where the question is who it is.</summary>
    public static Identity? FindOperator(HttpContext context) => context.Items.TryGetValue(OperatorItem, out var who) ? (Identity?)who : null;

    /// <summary>Adds to the record that the journal gets of this request what path and status do not say.</summary>
    public static void Describe(HttpContext context, string field, string value)
    {
        var fields = (Dictionary<string, string>?)context.Items[FieldsItem] ?? [];
        context.Items[FieldsItem] = fields;
        fields[field] = Escape(value, MostFieldChars);
    }

    /// <summary>Whether the request may go on; otherwise it has been answered.</summary>
    public async Task<bool> AdmitAsync(HttpContext context)
    {
        var access = generations.Current.Part<AdminAccess>();
        if (!access.IsEnabled)
        {
            await AdminJson.WriteErrorAsync(context, StatusCodes.Status404NotFound, "not_found", "the admin API is not enabled");
            return false;
        }
        if (IsProbe(context))
        {
            return true;
        }
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (wrongTries.Wait(address) is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            await AdminJson.WriteErrorAsync(context, StatusCodes.Status403Forbidden, "locked_out", "too many failed attempts from this address");
            return false;
        }
        if (await AuthenticateAsync(context, access) is not { } identity)
        {
            if (IsQuestion(context))
            {
                return true;
            }
            await RefuseAsync(context, access, address);
            return false;
        }
        if (!IsRead(context) && IsForeign(context))
        {
            // The operator's own browser was made to ask.
            var violation = Describe(context, "a page of another origin asked");
            violation["code"] = "foreign-origin";
            await trail.WriteAsync([Trail.Record("security.violation", false, identity, violation) with { Source = address }], CancellationToken.None);
            await AdminJson.WriteErrorAsync(
                context, StatusCodes.Status403Forbidden, "foreign_origin", "a page of another origin may not change anything here");
            return false;
        }
        context.Items[OperatorItem] = identity;
        // Just before the answer leaves: by then its outcome is known, and the record is durable before the operator sees it.
        context.Response.OnStarting(() => RecordAsync(context, identity, address));
        return true;
    }

    // Kubernetes and load balancers ask these without credentials; they say nothing but whether (ruling 53).
    private static bool IsProbe(HttpContext context) => context.Request.Path.Value is "/admin/health/live" or "/admin/health/ready" && IsRead(context);

    // The console's first question, before anybody could have typed anything. No guess, so it does not count towards the lockout.
    private static bool IsQuestion(HttpContext context)
        => context.Request.Path.Value == "/admin/whoami" && IsRead(context) && context.Request.Headers.Authorization.Count == 0;

    private static bool IsRead(HttpContext context) => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);

    private async Task<Identity?> AuthenticateAsync(HttpContext context, AdminAccess access)
    {
        var header = context.Request.Headers.Authorization;
        var text = header.Count == 1 ? header.ToString() : "";
        var token = text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : null;
        var certificate = await context.Connection.GetClientCertificateAsync(context.RequestAborted);
        var identity = access.Authenticate(token, certificate);
        if (identity is { Certificate.IsEmpty: false })
        {
            var ours = await ledger.FindCertificateAsync(SHA256.HashData(identity.Certificate.Span), context.RequestAborted);
            return ours is { Revoked: not null } ? null : identity;
        }
        return identity;
    }

    private async Task RefuseAsync(HttpContext context, AdminAccess access, IPAddress address)
    {
        wrongTries.Add(address);
        var record = new RequestTrail(address, null);
        record.Add(NameOf(context), false, Describe(context, "no acceptable credential"));
        await trail.WriteAnonymousAsync(record, CancellationToken.None);
        if (access.TakesTokens)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"kipuka-admin\"";
        }
        await AdminJson.WriteErrorAsync(context, StatusCodes.Status401Unauthorized, "unauthorized", "an operator's credential is required");
    }

    private async Task RecordAsync(HttpContext context, Identity identity, IPAddress address)
    {
        if (context.Items.ContainsKey(UnrecordedItem))
        {
            // Nothing was done, and the journal is what cannot be reached: the server's log has it.
            return;
        }
        if (IsRead(context) && Unrecorded.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal)))
        {
            return;
        }
        var status = context.Response.StatusCode;
        var fields = Describe(context, null);
        fields["status"] = status.ToString(CultureInfo.InvariantCulture);
        foreach (var (field, value) in (Dictionary<string, string>?)context.Items[FieldsItem] ?? [])
        {
            fields[field] = value;
        }
        await trail.WriteAsync(
            [Trail.Record(NameOf(context), status < StatusCodes.Status400BadRequest, identity, fields) with { Source = address }],
            CancellationToken.None);
    }

    private static string NameOf(HttpContext context) => context.Request.Path.Value switch
    {
        "/admin/login" => "admin.login",
        "/admin/logout" => "admin.logout",
        _ when context.Items.ContainsKey(OperatorItem) && !IsRead(context) => "admin.action",
        _ => "admin.access",
    };

    private static Dictionary<string, string> Describe(HttpContext context, string? reason)
    {
        var fields = new Dictionary<string, string> { ["method"] = context.Request.Method, ["path"] = Escape(context.Request.Path.Value ?? "", 200) };
        if (reason is not null)
        {
            fields["reason"] = reason;
        }
        return fields;
    }

    private static string Escape(string text, int most) => string.Concat(text.Take(most).Select(c => char.IsControl(c) ? '?' : c));

    private static bool IsForeign(HttpContext context)
    {
        if (context.Request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site == "cross-site")
        {
            return true;
        }
        var origin = context.Request.Headers.Origin.ToString();
        return origin.Length > 0 && origin != $"https://{context.Request.Host}";
    }
}
