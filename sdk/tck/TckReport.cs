using System.Globalization;
using System.Text;

namespace Kipuka.Sdk.Tck;

/// <summary>What a suite found.</summary>
/// <param name="Kind">The contract's word: <c>ca</c>, <c>auth</c>, <c>transport</c>, <c>ha</c> or <c>audit</c>.</param>
/// <param name="Subject">The plugin, as its subject names it.</param>
/// <param name="Checks">Every check of the suite, in the order in which they ran.</param>
public sealed record TckReport(string Kind, string Subject, IReadOnlyList<TckCheck> Checks)
{
    /// <summary>The checks that failed.</summary>
    public IEnumerable<TckCheck> Failures => Checks.Where(check => check.Outcome == TckOutcome.Failed);

    /// <summary>Whether no check failed.</summary>
    public bool Passed => !Failures.Any();

    /// <summary>Ends a test: does nothing when no check failed.</summary>
    /// <exception cref="TckFailedException">Checks failed; the message names each with its reason.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
        {
            throw new TckFailedException(this);
        }
    }

    /// <summary>One line for each check.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"{Kind} {Subject}\n");
        foreach (var check in Checks)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {check.Outcome,-13} {check.Name}");
            text.Append(check.Reason.Length == 0 ? "\n" : $": {check.Reason}\n");
        }
        return text.ToString();
    }
}
