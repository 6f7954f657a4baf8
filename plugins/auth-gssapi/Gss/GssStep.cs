namespace Kipuka.Plugins.AuthGssapi.Gss;

/// <summary>What came of one token.</summary>
internal abstract record GssStep
{
    private GssStep()
    {
    }

    /// <summary>The client is known.</summary>
    /// <param name="Principal">As the library writes it: UTF-8 where the KDC had it so.</param>
    /// <param name="Answer">The last token for the client; may be empty.</param>
    internal sealed record Done(byte[] Principal, byte[] Answer) : GssStep;

    /// <summary>The client has to answer.</summary>
    internal sealed record Further(byte[] Answer) : GssStep;

    /// <summary>The token is not acceptable.</summary>
    /// <param name="Reason">In the library's words, for the operator.</param>
    internal sealed record Failed(string Reason) : GssStep;
}
