namespace Kipuka.Sdk;

/// <summary>Something an operator has to mend.</summary>
/// <param name="Key">
/// The key it is about, as the plugin's table names it, or a path from the root as in <see cref="SettingAttribute.Key"/>; null for the table
/// as a whole. The host adds file, line and column.
/// </param>
/// <param name="Message">What is wrong and what to do, in one sentence without secrets.</param>
public sealed record SettingsProblem(string? Key, string Message)
{
    /// <summary>True where the service can start all the same: it is shown at every check and start, and stops neither.</summary>
    public bool IsWarning { get; init; }
}
