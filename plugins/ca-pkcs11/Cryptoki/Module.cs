namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>
/// A PKCS#11 module. Once initialised it stays so until the process ends: C_Finalize would end the sessions of everybody in it. The one exception
/// is <see cref="TryRestart"/>.
/// </summary>
internal sealed class Module
{
    private static readonly TimeSpan AloneInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SharedInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RestartWait = TimeSpan.FromSeconds(2);

    private readonly SharedModule shared;
    private readonly TimeProvider clock;
    private volatile bool isInitialized;

    private Module(string path, Library library, SharedModule shared, TimeProvider clock)
    {
        (Path, Library, this.shared, this.clock) = (path, library, shared, clock);
    }

    /// <summary>Where it was loaded from.</summary>
    public string Path { get; }

    public Library Library { get; }

    public SharedModule Shared => shared;

    /// <exception cref="BadModuleException">The file is no PKCS#11 module.</exception>
    public static Module Load(string path, TimeProvider clock)
    {
        var library = Library.Load(path);
        // However it is named, the process has it once.
        var real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return new Module(path, library, SharedModule.Of(real), clock);
    }

    /// <summary>At the first use, and not when it is loaded: a module whose server does not answer yet may do so later.</summary>
    /// <exception cref="CryptokiException">It cannot be initialised.</exception>
    public void Begin()
    {
        if (!isInitialized)
        {
            Initialize();
        }
    }

    /// <summary>Calls the module, while nobody restarts it.</summary>
    public T Use<T>(Func<Library, T> call)
    {
        shared.Gate.EnterReadLock();
        try
        {
            return call(Library);
        }
        finally
        {
            shared.Gate.ExitReadLock();
        }
    }

    /// <summary>Tokens that are there, each asked once; one that vanishes meanwhile is none.</summary>
    public IReadOnlyList<TokenInfo> Tokens() => Use(library =>
    {
        List<TokenInfo> tokens = [];
        foreach (var slot in library.Slots())
        {
            try
            {
                tokens.Add(library.Token(slot));
            }
            catch (CryptokiException fault) when (fault.Code != ReturnCode.CryptokiNotInitialized)
            {
                // A slot whose token has gone, or cannot be read, holds nothing for us.
            }
        }
        return tokens;
    });

    /// <summary>After CKR_CRYPTOKI_NOT_INITIALIZED: somebody else in this process has called C_Finalize, and all sessions have gone.</summary>
    /// <exception cref="HsmException">A call hangs in the module.</exception>
    public void Initialize()
    {
        if (!shared.Gate.TryEnterWriteLock(RestartWait))
        {
            throw new HsmException($"{Path}: a call into the module does not come back, so it cannot be initialised", isSetup: false);
        }
        try
        {
            if (Library.Initialize() == ReturnCode.Ok)
            {
                shared.NextEpoch();
            }
            isInitialized = true;
        }
        finally
        {
            shared.Gate.ExitWriteLock();
        }
    }

    /// <summary>
    /// C_Finalize and C_Initialize, for modules that see a token that came back (SoftHSM2), or a server that answers again, only then. No call
    /// of this plugin is under way meanwhile; sessions of others in this process are opened anew by those who hold them. Where others' use of
    /// the module succeeds, that is asked of them once a minute at most.
    /// </summary>
    /// <returns>Whether it was done.</returns>
    public bool TryRestart()
    {
        var epoch = shared.CurrentEpoch;
        if (!shared.Gate.TryEnterWriteLock(RestartWait))
        {
            return false; // a call hangs in the module
        }
        try
        {
            var interval = shared.HealthyUsers > 0 ? SharedInterval : AloneInterval;
            if (epoch != shared.CurrentEpoch || (shared.LastRestarted != 0 && clock.GetElapsedTime(shared.LastRestarted) < interval))
            {
                return epoch != shared.CurrentEpoch; // somebody else just did
            }
            shared.LastRestarted = clock.GetTimestamp();
            shared.NextEpoch();
            try
            {
                Library.FinalizeModule();
            }
            catch (CryptokiException fault) when (fault.Code == ReturnCode.CryptokiNotInitialized)
            {
                // Then only the second half is left to do.
            }
            Library.Initialize();
            return true;
        }
        finally
        {
            shared.Gate.ExitWriteLock();
        }
    }
}
