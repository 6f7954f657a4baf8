using Kipuka.Plugins.AuthGssapi.Gss;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>An exchange that takes more than one token.</summary>
internal sealed class Exchange(GssContext context, DateTimeOffset deadline) : IDisposable
{
    private const int MostLegs = 4;

    private int legs;

    /// <summary>When it is given up.</summary>
    public DateTimeOffset Deadline => deadline;

    /// <summary>Whether the client has had all the tries there are.</summary>
    public bool IsExhausted => legs >= MostLegs;

    /// <exception cref="GssException">This computer is at fault, not the token.</exception>
    public GssStep Accept(NegotiateToken token)
    {
        legs++;
        return context.Accept(token.Bytes);
    }

    public void Dispose() => context.Dispose();
}
