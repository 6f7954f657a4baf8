using Kipuka.Ha;
using Microsoft.Extensions.Logging;

namespace Kipuka.Audit;

/// <summary>Writes the changes of CAs' health into the log and the journal.</summary>
internal sealed class HealthTrail(Trail trail, ILogger<HealthTrail> log)
{
    /// <summary>Does not wait: a breaker tells it in the middle of a request.</summary>
    public void Report(HealthChange change)
    {
        log.LogWarning("CA {Authority} is {To} (was {From}): {Reason}", change.Authority, change.To.Word(), change.From.Word(), change.Reason);
        _ = WriteAsync(change);
    }

    private async Task WriteAsync(HealthChange change)
    {
        var fields = new Dictionary<string, string> { ["from"] = change.From.Word(), ["to"] = change.To.Word(), ["reason"] = change.Reason };
        try
        {
            await trail.WriteAsync(
                [Trail.Record("ca.health.changed", change.To == BreakerState.Healthy, null, fields) with { Authority = change.Authority }],
                CancellationToken.None);
        }
        catch (Exception fault)
        {
            log.LogError(fault, "The change of CA {Authority}'s health could not be journaled: {Reason}", change.Authority, fault.Message);
        }
    }
}
