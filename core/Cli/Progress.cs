using System.Globalization;

namespace Kipuka.Cli;

/// <summary>How far long work has come: one line that is written over, on a terminal only.</summary>
internal sealed class Progress(TextWriter error, string what, TimeProvider clock)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly bool isSeen = !Console.IsErrorRedirected;
    private readonly long started = clock.GetTimestamp();
    private long count;
    private long written;

    /// <summary>So many more; of how many altogether, where that is known.</summary>
    public void Add(long more, long? total = null)
    {
        count += more;
        // What is done at once needs no progress.
        var since = written == 0 ? started : written;
        if (isSeen && clock.GetElapsedTime(since) >= Pause)
        {
            written = clock.GetTimestamp();
            error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{count} {(total is null ? "" : $"of {total} ")}{what}"));
        }
    }

    /// <summary>Takes the line away.</summary>
    public void End()
    {
        if (written != 0)
        {
            error.Write("\r\u001b[K");
        }
    }
}
