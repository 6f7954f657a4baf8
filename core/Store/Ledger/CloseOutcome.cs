namespace Kipuka.Store;

/// <summary>What became of a close.</summary>
internal enum CloseOutcome
{
    /// <summary>All of it is durable.</summary>
    Closed,

    /// <summary>A plugin's write found another version, and nothing of it happened: ask the plugin again.</summary>
    WriteConflict,
}
