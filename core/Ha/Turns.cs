namespace Kipuka.Ha;

/// <summary>Counts a group's requests, over reloads, so that a rotation goes on where it was.</summary>
internal sealed class Turns
{
    private ulong next;

    public ulong Next() => Interlocked.Increment(ref next) - 1;
}
