using System.Collections.Concurrent;
using Kipuka.Sdk;
using Kipuka.Sdk.Auth;

namespace Kipuka.TestPlugins.Broken;

/// <summary>The one use of a ticket.</summary>
internal sealed class FlawedCredential(IPluginHost host, string key, string flaw, bool exhausted, ConcurrentDictionary<string, bool> heldHere) : IOneTimeCredential
{
    private readonly bool madeWhileHeld = heldHere.ContainsKey(key);

    public bool IsExhausted => exhausted;

    public async ValueTask<bool> HoldAsync(Guid transaction, DateTimeOffset until, CancellationToken cancel)
    {
        while (true)
        {
            var ticket = await ReadAsync(cancel);
            var isMine = ticket.Transaction == transaction && ticket.State != "free";
            if (isMine && flaw == "one-time-hold" && heldHere.ContainsKey(key))
            {
                return false;
            }
            if (isMine || (flaw == "one-time-exclusive" && madeWhileHeld))
            {
                return true;
            }
            var isHeld = ticket.State == "held" && (ticket.Until > host.Clock.GetUtcNow() || flaw == "one-time-lapse");
            if (isHeld || ticket.State == "spent")
            {
                return false;
            }
            var write = ticket.Write("held", transaction, until);
            if (flaw == "one-time-race")
            {
                await Task.Delay(5, cancel);
                write = write with { IfVersion = null };
            }
            if (await host.Store.WriteAsync(write, cancel))
            {
                heldHere[key] = true;
                return true;
            }
        }
    }

    public async ValueTask<StoreWrite> SpendAsync(Guid transaction, CancellationToken cancel)
    {
        var ticket = await ReadAsync(cancel);
        if (flaw == "one-time-spend-again" && ticket.State == "spent")
        {
            throw new InvalidOperationException("It is spent.");
        }
        return ticket.Write(flaw == "one-time-spend" ? "held" : "spent", transaction, ticket.Until);
    }

    public async ValueTask ReleaseAsync(Guid transaction, CancellationToken cancel)
    {
        var ticket = await ReadAsync(cancel);
        if (ticket.State == "held" && ticket.Transaction == transaction && flaw != "one-time-release")
        {
            await host.Store.WriteAsync(ticket.Write("free", default, default), cancel);
        }
    }

    private async ValueTask<Ticket> ReadAsync(CancellationToken cancel) => Ticket.Read((await host.Store.GetAsync(key, cancel))!);
}
