namespace Kipuka.Store;

/// <summary>The connections of this process, for the health report.</summary>
/// <param name="Max">The most there may be, the writer included.</param>
/// <param name="Active">In use now.</param>
/// <param name="Idle">Open and free.</param>
/// <param name="QueuedWrites">Writes that wait for the next commit.</param>
internal readonly record struct PoolFigures(int Max, int Active, int Idle, int QueuedWrites);
