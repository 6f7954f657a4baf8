using Microsoft.Extensions.Logging;

namespace Kipuka.Catalog;

/// <summary>Sees that a plugin folder was added, changed or removed, and says so once the directories have been quiet for a while.</summary>
internal sealed class PluginWatch : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(500);

    // The system's notices are not all there is: a folder that is moved away and deleted at once gives none, and neither do network file systems.
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    private static readonly EnumerationOptions All = new()
    {
        RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint,
    };

    private readonly Action changed;
    private readonly ITimer timer;
    private readonly ITimer look;
    private readonly ILogger log;
    private readonly Lock gate = new();
    private List<FileSystemWatcher> watchers = [];
    private List<string> watched = [];
    private string seen = "";

    /// <param name="changed">Called after each change and the quiet that follows it, on a thread of the pool; does not throw.</param>
    /// <param name="clock">Measures the quiet.</param>
    /// <param name="log">For directories that cannot be watched.</param>
    public PluginWatch(Action changed, TimeProvider clock, ILogger<PluginWatch> log)
    {
        this.changed = changed;
        this.log = log;
        timer = clock.CreateTimer(_ => Report(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        look = clock.CreateTimer(_ => Look(), null, LookEvery, LookEvery);
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
            seen = Listing(watched);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            watchers.ForEach(watcher => watcher.Dispose());
            watchers = [];
            watched = [];
        }
        look.Dispose();
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

    private void Report()
    {
        lock (gate)
        {
            seen = Listing(watched);
        }
        changed();
    }

    private void Look()
    {
        lock (gate)
        {
            if (Listing(watched) is var now && now != seen)
            {
                seen = now;
                Restart();
            }
        }
    }

    private static string Listing(IEnumerable<string> directories) => string.Join('\n', directories.SelectMany(directory =>
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFileSystemInfos("*", All)
                .Select(entry => $"{entry.FullName} {entry.LastWriteTimeUtc.Ticks} {entry.UnixFileMode} {(entry as FileInfo)?.Length}").Order(StringComparer.Ordinal).ToList();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Gone, or going while it was read: the next look tells.
            return [fault.GetType().Name];
        }
    }));

    private void Touch(object sender, FileSystemEventArgs change) => Restart();

    // Each change begins the quiet anew: a folder that is still being copied is not looked at.
    private void Restart()
    {
        lock (gate)
        {
            if (watched.Count > 0)
            {
                timer.Change(Quiet, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
