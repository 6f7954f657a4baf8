namespace Kipuka.Sdk.Tck;

/// <summary>Ends a check that found its answer. The message is the check's reason.</summary>
internal sealed class CheckException(TckOutcome outcome, string reason) : Exception(reason)
{
    public TckOutcome Outcome => outcome;

    public static CheckException Failed(string reason) => new(TckOutcome.Failed, reason);

    public static CheckException NotApplicable(string reason) => new(TckOutcome.NotApplicable, reason);
}
