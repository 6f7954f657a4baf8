using Kipuka.Sdk;

namespace Kipuka.Catalog;

/// <summary>The journal as an instance of a plugin reaches it. The audit room implements it: it stands above this one.</summary>
internal interface IAuditWriter
{
    /// <summary>Writes one record; it is durable when the call completes.</summary>
    /// <param name="instance">The instance that speaks: <c>auth:otp</c>.</param>
    /// <param name="note">A copy of the plugin's record, checked against the limits that the SDK states.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    ValueTask WriteAsync(string instance, AuditNote note, CancellationToken cancel);

    /// <summary>Does a write of the instance's store and appends its record, both or neither.</summary>
    /// <param name="instance">The instance that speaks.</param>
    /// <param name="write">The write, in the instance's own keys.</param>
    /// <param name="note">As above.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    /// <returns>False when the write's condition did not hold: nothing is written.</returns>
    ValueTask<bool> WriteAsync(string instance, StoreWrite write, AuditNote note, CancellationToken cancel);
}
