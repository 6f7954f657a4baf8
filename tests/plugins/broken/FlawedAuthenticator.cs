using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.TestPlugins.Broken;

/// <summary>Takes tickets that are good for one certificate: <c>Authorization: Ticket …</c>; the store knows them by their hash.</summary>
internal sealed class FlawedAuthenticator(IPluginHost host, string flaw) : FlawedService(flaw), IAuthenticator
{
    private const int Hexadecimal = 32;

    private readonly string nonce = RandomNumberGenerator.GetHexString(8);
    private readonly ConcurrentDictionary<string, bool> heldHere = [];

    public async ValueTask<AuthenticationResult> AuthenticateAsync(AuthenticationRequest request, CancellationToken cancel)
    {
        Enter(cancel);
        if (await CollidesAsync())
        {
            throw new InvalidOperationException("One after the other!");
        }
        if (request.Peer.Credential is not { } credential)
        {
            if (Has("garbage-certificates") && request.Peer.Certificates.Count > 1)
            {
                throw new CryptographicException("What is this?");
            }
            return Has("no-credential") && request.Peer.Certificates.Count == 0
                ? new AuthenticationResult.Rejected("nothing was presented")
                : new AuthenticationResult.NotMine("Ticket");
        }
        if (credential.Scheme != "Ticket")
        {
            return Has("foreign-scheme") ? new AuthenticationResult.Rejected("no ticket") : new AuthenticationResult.NotMine("Ticket");
        }
        var value = Encoding.Latin1.GetString(credential.Value.Reveal());
        if (Has("garbage") && value.Length is > 0 and < 3)
        {
            throw new FormatException("Too short.");
        }
        return await JudgeAsync(value, cancel);
    }

    /// <summary>The key of a ticket in the store. Its first half is what finds it.</summary>
    public static string KeyOf(string ticket) => $"ticket/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ticket[..(Hexadecimal / 2)])))}";

    public static string HashOf(string ticket) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ticket)));

    /// <summary>Forgets holds: the flaw of a service that thinks it is alone when it starts.</summary>
    public async Task ForgetHoldsAsync(CancellationToken cancel)
    {
        await foreach (var stored in host.Store.ListAsync("ticket/", cancel))
        {
            var ticket = Ticket.Read(stored);
            await host.Store.WriteAsync(ticket.Write(ticket.State == "held" ? "free" : ticket.State, ticket.Transaction, ticket.Until), cancel);
        }
    }

    private async ValueTask<AuthenticationResult> JudgeAsync(string value, CancellationToken cancel)
    {
        if (value.Length != Hexadecimal)
        {
            return new AuthenticationResult.Rejected("no such ticket", "Ticket");
        }
        StoredValue? stored;
        try
        {
            stored = await host.Store.GetAsync(KeyOf(value), cancel);
        }
        catch (IOException) when (Has("store-fault"))
        {
            stored = null;
        }
        if (stored is null || (Ticket.Read(stored).Hash != HashOf(value) && !Has("altered")))
        {
            return new AuthenticationResult.Rejected("no such ticket", "Ticket");
        }
        var key = Has("identity") ? KeyOf(value) + nonce : KeyOf(value);
        return new AuthenticationResult.Accepted(
            new Identity("ticket", key, Has("accepts") ? "" : "device"),
            new FlawedCredential(host, KeyOf(value), Flaw, Ticket.Read(stored).State == "spent", heldHere));
    }
}
