using System.Security.Cryptography;

namespace Kipuka.Interop;

/// <summary>Many devices at once, and a kill in their middle.</summary>
internal static class CrashLoad
{
    /// <summary>The kill comes with the n-th answer, so that the other requests are at every point of their way.</summary>
    /// <returns>How many certificates arrived.</returns>
    public static async Task<int> EnrollUntilKilledAsync(KipukaServer server, IReadOnlyList<CrashDevice> devices, int answers)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;
        var order = devices.ToArray();
        RandomNumberGenerator.Shuffle<CrashDevice>(order);
        var all = Task.WhenAll(order.Select(async device =>
        {
            if (await device.AskAsync() && Interlocked.Increment(ref arrived) == answers)
            {
                reached.SetResult();
            }
        }));
        await Task.WhenAny(reached.Task, all);
        await server.KillAsync();
        await all;
        Assert.True(reached.Task.IsCompleted, $"only {arrived} of {answers} answers arrived before anything was killed:\n{server.Log}");
        return arrived;
    }
}
