using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Kipuka.Sdk;

/// <summary>What the host offers to one instance of a plugin. Valid until the instance has been disposed.</summary>
public interface IPluginHost
{
    /// <summary>The instance's name, unique in the server: <c>ca:default</c>, <c>auth:otp</c>.</summary>
    string Instance { get; }

    /// <summary>Logs under the instance's name. Never log secrets, keys, tokens or PINs at any level.</summary>
    ILogger Logger { get; }

    /// <summary>The only clock a plugin may read.</summary>
    TimeProvider Clock { get; }

    /// <summary>Durable state of this instance, shared by all nodes.</summary>
    IPluginStore Store { get; }

    /// <summary>Metrics of this instance; the host adds the instance's name as a tag when it exports them.</summary>
    Meter Meter { get; }

    /// <summary>Writes an audit record. It is durable when the call completes.</summary>
    /// <param name="name">Dotted lower-case words: <c>otp.created</c>, <c>auth.otp.lockout</c>.</param>
    /// <param name="success">The outcome.</param>
    /// <param name="actor">Who caused it; null when nobody is known yet.</param>
    /// <param name="fields">Details, at most 32 of them; values are cut after 1024 characters. No secrets.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    ValueTask AuditAsync(string name, bool success, Identity? actor, IReadOnlyDictionary<string, string> fields, CancellationToken cancel);

    /// <summary>
    /// Changes a value of <see cref="Store"/> and writes the audit record of that, both or neither: no crash keeps the one and loses the other.
    /// Durable when the call completes.
    /// </summary>
    /// <param name="write">The change.</param>
    /// <param name="note">Its record.</param>
    /// <param name="cancel">Ends the wait, not the write.</param>
    /// <returns>False when the condition of the write did not hold; nothing is recorded then. Read again, decide again.</returns>
    ValueTask<bool> WriteAsync(StoreWrite write, AuditNote note, CancellationToken cancel);

    /// <summary>Finds an optional service of the host by its type; null when this host does not offer it.</summary>
    T? Find<T>()
        where T : class;
}
