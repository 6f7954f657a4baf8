namespace Kipuka.Sdk;

/// <summary>A service that can tell whether it works, beyond being there. Optional.</summary>
public interface IHealthProbe
{
    /// <summary>
    /// Does what the service does for a request, without lasting effect: a CA's key signs a blob that is no certificate, a sink reaches its
    /// server. No probe ever makes a certificate.
    /// </summary>
    /// <remarks>Throws when the service does not work; the message is shown to the operator.</remarks>
    ValueTask ProbeAsync(CancellationToken cancel);
}
