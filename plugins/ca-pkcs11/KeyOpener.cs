using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Opens sessions in which the CA's key can be used: finds the token, logs in, finds the key. Every time anew, since each may have changed.</summary>
/// <param name="module">The module.</param>
/// <param name="token">The token.</param>
/// <param name="key">The key on it.</param>
/// <param name="pin">Where the PIN is read.</param>
/// <param name="mechanism">How the key signs.</param>
/// <param name="shown">
/// The public key that the token must show for the pair; null where a signature proves that they belong together. What nobody here can verify
/// proves nothing.
/// </param>
internal sealed class KeyOpener(Module module, TokenQuery token, KeyQuery key, PinSource pin, SignatureMechanism mechanism, PublicKey? shown = null)
{
    private volatile TokenInfo? found;

    public Module Module => module;

    /// <summary>The token as it was found last; null before the first time.</summary>
    public TokenInfo? Found => found;

    /// <exception cref="HsmException">The token or the key is not there, or the PIN is wrong.</exception>
    /// <exception cref="CryptokiException">The module does not do it.</exception>
    public KeySession Open()
    {
        module.Begin();
        var session = Session.Open(module, found = token.Find(module));
        try
        {
            if (session.Token.Has(Ck.TokenLoginRequired))
            {
                Login(session);
            }
            var handle = key.Find(session);
            Judge(session, handle);
            return new KeySession(session, handle, mechanism);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Looks at the token before anything is opened.</summary>
    /// <returns>How many sessions it has for us.</returns>
    /// <exception cref="HsmException">It is not there, or does not list the mechanism.</exception>
    public ulong Inspect()
    {
        module.Begin();
        var there = found = token.Find(module);
        var mechanisms = module.Use(library => library.Mechanisms(there.Slot));
        return mechanisms.Contains(mechanism.Mechanism.Id) ? there.MaxSessions : throw new HsmException(
            $"{there} does not list the mechanism 0x{mechanism.Mechanism.Id:x}, which the CA would sign with; name another with mechanism = 0x..., "
                + $"it lists {string.Join(' ', mechanisms.Order().Select(id => $"0x{id:x}"))}",
            isSetup: true);
    }

    private void Login(Session session)
    {
        using var secret = pin.Read();
        if (secret is null && !session.Token.Has(Ck.TokenProtectedAuthenticationPath))
        {
            throw new PinException($"token \"{session.Token.Label}\" wants a PIN, and none is configured; set pin_env, pin_file or pin");
        }
        RefusedPins.Login(module, session, secret, pin.Key ?? "the token's keypad");
    }

    private void Judge(Session session, ulong handle)
    {
        if (session.Attribute(handle, Ck.AttributeAlwaysAuthenticate) is [not 0])
        {
            throw new HsmException(
                $"the private key with {key} on {session.Token} wants its PIN for every signature (CKA_ALWAYS_AUTHENTICATE), which a server cannot give; make a key without",
                isSetup: true);
        }
        if (session.Number(handle, Ck.AttributeKeyType) is { } type && !mechanism.Fits(type))
        {
            throw new HsmException(
                $"the private key with {key} on {session.Token} is not of the kind of the certificate's key (CKA_KEY_TYPE is {type}, not {mechanism.KeyType}); "
                + "name the key and the certificate that belong together",
                isSetup: true);
        }
        if (shown is not null && (PublicKeys.Find(session, handle)
            ?? throw new HsmException(
                $"{session.Token} does not show the public key of the pair with {key}, and this platform cannot verify its signatures (OpenSSL 3.5 can), "
                + "so nothing says that it belongs to the certificate; put the public key object with the same CKA_ID there",
                isSetup: true)).ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(shown.ExportSubjectPublicKeyInfo()) is false)
        {
            throw new HsmException($"the private key with {key} on {session.Token} does not belong to the certificate: its public key is another", isSetup: true);
        }
    }
}
