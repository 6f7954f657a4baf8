using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>A session that is logged in, with the handle of the CA's key in it. Used by one thread at a time.</summary>
internal sealed class KeySession(Session session, ulong key, SignatureMechanism mechanism) : IDisposable
{
    /// <summary>Signs the data as X.509 carries signatures.</summary>
    public byte[] Sign(ReadOnlyMemory<byte> data)
        => mechanism.Complete(session.Sign(key, mechanism.Mechanism, mechanism.Prepare(data).Span, Math.Max(1024, mechanism.Length)));

    /// <summary>For what is not done with the CA's key.</summary>
    public Session Session => session;

    public void Dispose() => session.Dispose();
}
