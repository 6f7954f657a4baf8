using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11.Cryptoki;

/// <summary>A session with a token. Used by one thread at a time.</summary>
internal sealed class Session : IDisposable
{
    private const int MaxObjects = 1000;

    private readonly Module module;
    private readonly ulong handle;
    private readonly long epoch;

    private Session(Module module, TokenInfo token, ulong handle, long epoch)
    {
        (this.module, Token, this.handle, this.epoch) = (module, token, handle, epoch);
    }

    public TokenInfo Token { get; }

    public static Session Open(Module module, TokenInfo token, bool readWrite = false)
        => module.Use(library => new Session(module, token, library.OpenSession(token.Slot, readWrite), module.Shared.CurrentEpoch));

    public bool IsLoggedIn => Use(library => library.IsLoggedIn(handle));

    /// <summary>What C_Login answers: all sessions of a process with one token share the login.</summary>
    public uint Login(Secret? pin) => Use(library => library.Login(handle, pin is null ? default : pin.Reveal(), pin is not null));

    public IReadOnlyList<ulong> Find(Template template) => Use(library => library.Find(handle, template, MaxObjects));

    public byte[]? Attribute(ulong target, uint type) => Use(library => library.Attribute(handle, target, type));

    public ulong? Number(ulong target, uint type) => Attribute(target, type) is { } bytes && bytes.Length == Layout.Native.ULong ? Layout.Native.Read(bytes) : null;

    public byte[] Sign(ulong key, Mechanism mechanism, ReadOnlySpan<byte> data, int room)
    {
        module.Shared.Gate.EnterReadLock();
        try
        {
            ThrowIfGone();
            return module.Library.Sign(handle, key, mechanism, data, room);
        }
        finally
        {
            module.Shared.Gate.ExitReadLock();
        }
    }

    public (ulong PublicKey, ulong PrivateKey) GenerateKeyPair(Mechanism mechanism, Template publicKey, Template privateKey)
        => Use(library => library.GenerateKeyPair(handle, mechanism, publicKey, privateKey));

    public ulong[] Mechanisms() => Use(library => library.Mechanisms(Token.Slot));

    public ulong Create(Template template) => Use(library => library.CreateObject(handle, template));

    /// <summary>An object that cannot be destroyed goes with the session.</summary>
    public void Destroy(ulong target) => module.Use(library => epoch == module.Shared.CurrentEpoch ? library.DestroyObject(handle, target) : 0);

    public byte[] Wrap(Mechanism mechanism, ulong wrapping, ulong key) => Use(library => library.WrapKey(handle, mechanism, wrapping, key));

    public byte[] Random(int count) => Use(library => library.GenerateRandom(handle, count));

    /// <summary>Closes it as far as it is still there; the last one of a token ends the login.</summary>
    public void Dispose() => module.Use(library => epoch == module.Shared.CurrentEpoch ? library.CloseSession(handle) : 0);

    private T Use<T>(Func<Library, T> call) => module.Use(library =>
    {
        ThrowIfGone();
        return call(library);
    });

    // After a restart of the module the number may belong to another session, with another token.
    private void ThrowIfGone()
    {
        if (epoch != module.Shared.CurrentEpoch)
        {
            throw new CryptokiException("the session of before the module's restart", 0xB3);
        }
    }
}
