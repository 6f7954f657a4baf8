namespace Kipuka.Sdk.Tck;

/// <summary>How a check ended.</summary>
public enum TckOutcome
{
    /// <summary>What the check asks holds.</summary>
    Passed,

    /// <summary>The plugin does not keep the contract; the reason says in what.</summary>
    Failed,

    /// <summary>The check asks for something that this plugin or these options do not have; the reason says what.</summary>
    NotApplicable,
}
