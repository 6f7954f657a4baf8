using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>The database's file, private to its owner, and the lock beside it that keeps a second process out.</summary>
/// <remarks>
/// The lock is the kernel's (flock) and goes with the process, however that ends: the file left behind locks nothing. It is not on the
/// database itself, because closing a second handle to that would drop the locks SQLite holds.
/// </remarks>
internal sealed class SqliteFile : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _lock;

    public SqliteFile(string path, ILogger log)
    {
        // Two names of one file must meet at one lock.
        string real = new FileInfo(path) is { LinkTarget: not null } link
            ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName
            : Path.GetFullPath(path);
        string folder = Path.GetDirectoryName(real)!;
        if (!Directory.Exists(folder))
        {
            throw new DatabaseException($"The database {path} cannot be created: the folder {folder} does not exist.");
        }

        _lock = Lock(path, real + ".lock");
        try
        {
            MakePrivate(real, log);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            _lock.Dispose();
            throw new DatabaseException($"The database {path} cannot be used: {fault.Message}", fault);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path, string lockPath)
    {
        try
        {
            return Open(lockPath, FileMode.OpenOrCreate);
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new DatabaseException($"The database {path} cannot be used: {fault.Message}", fault);
        }
        catch (IOException fault)
        {
            throw new DatabaseException(
                $"The database {path} is in use by another process: an SQLite database serves one Kipuka at a time ({fault.Message})",
                fault);
        }
    }

    private static void MakePrivate(string real, ILogger log)
    {
        if (!File.Exists(real))
        {
            // Made before SQLite sees it, so that it is never open to others; SQLite gives its -wal and -shm files the same mode.
            Open(real, FileMode.CreateNew).Dispose();
        }
        else if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(real) is var mode && mode != Private)
        {
            log.LogWarning("The database {Path} had mode {Mode}; it is now readable and writable by its owner only", real, mode);
            File.SetUnixFileMode(real, Private);
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        return new FileStream(path, options);
    }
}
