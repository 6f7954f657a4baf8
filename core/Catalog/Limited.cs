using System.Runtime.ExceptionServices;

namespace Kipuka.Catalog;

/// <summary>Runs a plugin's code that is not asynchronous, such as the check of its settings. What does not end is left to its thread.</summary>
internal static class Limited
{
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public static T Run<T>(Func<T> work, TimeSpan limit)
    {
        var (result, fault) = (default(T), default(ExceptionDispatchInfo));
        var thread = new Thread(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception thrown)
            {
                fault = ExceptionDispatchInfo.Capture(thrown);
            }
        }) { IsBackground = true };
        thread.Start();
        if (!thread.Join(limit))
        {
            throw new TimeoutException($"no answer within {limit.TotalSeconds:0} s");
        }
        fault?.Throw();
        return result!;
    }
}
