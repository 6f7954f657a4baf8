namespace Kipuka.Sdk.Tck;

/// <summary>A plugin does not keep its contract.</summary>
/// <param name="report">What was found.</param>
public sealed class TckFailedException(TckReport report) : Exception(Describe(report))
{
    /// <summary>What was found, with the checks that passed.</summary>
    public TckReport Report => report;

    private static string Describe(TckReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return $"{report.Subject} does not keep the contract of the kind {report.Kind}:\n"
            + string.Join('\n', report.Failures.Select(check => $"  {check.Name}: {check.Reason}"));
    }
}
