using System.Globalization;
using System.Text;
using Kipuka.Sdk;

namespace Kipuka.TestPlugins.Broken;

/// <summary>A ticket in the store: <c>hash state transaction until</c>.</summary>
/// <param name="State">free, held or spent.</param>
internal sealed record Ticket(string Key, long Version, string Hash, string State, Guid Transaction, DateTimeOffset Until)
{
    public static Ticket Read(StoredValue stored)
    {
        var parts = Encoding.UTF8.GetString(stored.Value.Span).Split(' ');
        return new Ticket(stored.Key, stored.Version, parts[0], parts[1], Guid.Parse(parts[2]), DateTimeOffset.Parse(parts[3], CultureInfo.InvariantCulture));
    }

    public static StoreWrite New(string text) => new Ticket(FlawedAuthenticator.KeyOf(text), 0, FlawedAuthenticator.HashOf(text), "free", default, default).Write("free", default, default);

    public StoreWrite Write(string state, Guid transaction, DateTimeOffset until)
        => new(Key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Hash} {state} {transaction} {until:O}")), Version);
}

/// <summary>Makes tickets, as an operator would.</summary>
public static class Tickets
{
    /// <summary>The write that makes a ticket known.</summary>
    public static StoreWrite Write(string ticket) => Ticket.New(ticket);
}
