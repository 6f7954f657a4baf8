using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>Sees that a plugin folder was added, changed or removed, and says so once the directories have been quiet for a while.</summary>
internal sealed class PluginWatch : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    private readonly Action changed;
    private readonly ITimer timer;
    private readonly ILogger log;
    private readonly Lock gate = new();
    private List<FileSystemWatcher> watchers = [];
    private List<string> watched = [];

    /// <param name="changed">Called after each change and the quiet that follows it, on a thread of the pool; does not throw.</param>
    /// <param name="clock">Measures the quiet.</param>
    /// <param name="log">For directories that cannot be watched.</param>
    public PluginWatch(Action changed, TimeProvider clock, ILogger<PluginWatch> log)
    {
        this.changed = changed;
        this.log = log;
        timer = clock.CreateTimer(_ => this.changed(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>From now on these directories, and no others.</summary>
    public void Follow(IReadOnlyList<string> directories)
    {
        lock (gate)
        {
            if (watched.SequenceEqual(directories))
            {
                return;
            }
            watchers.ForEach(watcher => watcher.Dispose());
            watchers = [.. directories.Select(Watch).OfType<FileSystemWatcher>()];
            watched = [.. directories];
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            watchers.ForEach(watcher => watcher.Dispose());
            watchers = [];
        }
        timer.Dispose();
    }

    private FileSystemWatcher? Watch(string directory)
    {
        try
        {
            var watcher = new FileSystemWatcher(directory) { IncludeSubdirectories = true };
            watcher.Created += Touch;
            watcher.Changed += Touch;
            watcher.Deleted += Touch;
            watcher.Renamed += Touch;
            // Changes were lost: something has changed, then.
            watcher.Error += (_, _) => Restart();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or UnauthorizedAccessException)
        {
            log.LogWarning("{Directory} cannot be watched for changed plugins ({Reason}); a reload still finds them", directory, fault.Message);
            return null;
        }
    }

    private void Touch(object sender, FileSystemEventArgs change) => Restart();

    // Each change begins the quiet anew: a folder that is still being copied is not looked at.
    private void Restart()
    {
        lock (gate)
        {
            if (watchers.Count > 0)
            {
                timer.Change(Quiet, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
