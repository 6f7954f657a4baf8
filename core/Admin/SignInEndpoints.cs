using Kipuka.Catalog;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Kipuka.Admin;

/// <summary>Who the caller is. There is no session: every request brings its credential; signing in and out are words for the journal.</summary>
internal sealed class SignInEndpoints(Generations generations) : IAdminEndpoints
{
    private const string Tag = "Operator";

    public void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("whoami", WhoAmI)
            .Describe("whoAmI", Tag, "The operator whom this connection and its token prove; without a token that is wrong, never refused.");
        // The gate has let the caller in, and writes admin.login and admin.logout.
        admin.MapPost("login", WhoAmI)
            .Describe("logIn", Tag, "Checks a credential, and records that an operator begins to work with it.");
        admin.MapPost("logout", () => TypedResults.NoContent())
            .Describe("logOut", Tag, "Records that an operator has ended their work.");
    }

    private Ok<SignInView> WhoAmI(HttpContext context)
    {
        var access = generations.Current.Part<AdminAccess>();
        var who = AdminGate.FindOperator(context);
        return TypedResults.Ok(new SignInView(
            who?.Name, who?.Method, access.TakesTokens, access.TakesCertificates, access.NeedsCertificate, context.Connection.ClientCertificate is not null));
    }
}

/// <param name="Operator">Null when nobody is proven.</param>
/// <param name="Method"><c>mtls</c> or <c>bearer</c>.</param>
/// <param name="TakesTokens">Whether a token is a way in.</param>
/// <param name="TakesCertificates">Whether a client certificate is.</param>
/// <param name="NeedsCertificate">Whether nobody comes in without one.</param>
/// <param name="CertificatePresented">Whether this connection has one, acceptable or not.</param>
internal sealed record SignInView(
    string? Operator, string? Method, bool TakesTokens, bool TakesCertificates, bool NeedsCertificate, bool CertificatePresented);
