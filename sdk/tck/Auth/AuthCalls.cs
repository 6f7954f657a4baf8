using System.Net;
using Kipuka.Sdk.Auth;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>Asks an authenticator as a host does.</summary>
internal static class AuthCalls
{
    private static int addresses;

    public static async Task<AuthenticationResult> AskAsync(Bench<IAuthenticator> bench, IAuthenticator service, TckPeer presented, CancellationToken cancel)
    {
        // The host disposes the credential after the request.
        using var value = presented.Scheme is null ? null : Secret.Copy(presented.Value.Span);
        var peer = new Peer(NextAddress(), presented.Certificates) { Credential = value is null ? null : new Credential(presented.Scheme!, value) };
        var result = await service.AuthenticateAsync(new AuthenticationRequest(EstOperation.SimpleEnroll, presented.Label, peer), cancel);
        See(bench, result);
        return result;
    }

    /// <summary>The proof of a peer that the options made, or why there is none.</summary>
    public static async Task<AuthenticationResult.Accepted> AcceptAsync(Bench<IAuthenticator> bench, IAuthenticator service, TckPeer peer)
        => await AskAsync(bench, service, peer, bench.Cancel) switch
        {
            AuthenticationResult.Accepted accepted => accepted,
            AuthenticationResult.Rejected rejected => throw CheckException.Failed($"The peer of MakePeer was rejected: {rejected.Reason}"),
            var other => throw CheckException.Failed($"The peer of MakePeer was answered {Word(other)}."),
        };

    public static string Word(AuthenticationResult? result) => result?.GetType().Name ?? "null";

    // Each request from an address of its own (RFC 2544's), so that a method that counts failures by address still looks at all of them.
    private static IPEndPoint NextAddress()
    {
        var number = Interlocked.Increment(ref addresses);
        return new IPEndPoint(new IPAddress([198, (byte)(18 + (number >> 16 & 1)), (byte)(number >> 8), (byte)number]), 40000);
    }

    private static void See(Bench<IAuthenticator> bench, AuthenticationResult? result)
    {
        bench.Evidence.See("answer", result);
        if (result is AuthenticationResult.Accepted { Identity: { } identity })
        {
            bench.Evidence.See("identity", $"{identity.Method} {identity.Key} {identity.Name} {string.Join(' ', identity.Facts.Select(fact => $"{fact.Key}={fact.Value}"))}");
        }
    }
}
