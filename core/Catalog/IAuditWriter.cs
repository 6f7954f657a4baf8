using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>The journal as an instance of a plugin reaches it. The audit room implements it: it stands above this one.</summary>
internal interface IAuditWriter
{
    /// <summary>Writes one record; it is durable when the call completes.</summary>
    /// <param name="instance">The instance that speaks: <c>auth:otp</c>.</param>
    /// <param name="name">Dotted lower-case words.</param>
    /// <param name="success">The outcome.</param>
    /// <param name="actor">Who caused it; null when nobody is known.</param>
    /// <param name="fields">A copy of the plugin's details, checked against the limits that the SDK states.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    ValueTask WriteAsync(
        string instance,
        string name,
        bool success,
        Identity? actor,
        IReadOnlyDictionary<string, string> fields,
        CancellationToken cancel);
}
