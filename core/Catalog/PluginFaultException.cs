namespace Kipuka.Catalog;

/// <summary>A plugin's service gave no answer. The message names the instance, the call and what was wrong, for the operator.</summary>
internal sealed class PluginFaultException(string call, string reason, Exception? inner = null) : Exception($"{call}: {reason}", inner)
{
    /// <summary>What was wrong, where it is plain whose call it was.</summary>
    public string Reason => reason;

    /// <summary>False when the service was not even called.</summary>
    public bool WasCalled { get; init; } = true;
}
