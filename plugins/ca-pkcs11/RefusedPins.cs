using System.Security.Cryptography;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// Logs in, and remembers which PIN a token has refused, for all CAs of the process: a wrong PIN costs one of the token's tries, not one for
/// each CA, session, health check and reload until the token locks itself.
/// </summary>
internal static class RefusedPins
{
    private const byte Counts = 1;
    private const uint TriesUsed = Ck.TokenUserPinCountLow | Ck.TokenUserPinFinalTry | Ck.TokenUserPinLocked;

    /// <exception cref="PinException">The PIN is wrong, was refused before, or the token does not take any.</exception>
    public static void Login(Module module, Session session, Secret? pin, string source)
    {
        var tried = module.Shared.RefusedPins;
        // One at a time, or each of many sessions would try the same wrong PIN before the first has been refused.
        lock (tried)
        {
            if (session.IsLoggedIn)
            {
                return;
            }
            var token = module.Use(library => library.Token(session.Token.Slot));
            // By token and PIN: were only the last one known, two CAs with two wrong PINs would be tried in turn until the token locks itself.
            var hash = pin is null ? "" : Convert.ToHexStringLower(HMACSHA256.HashData(module.Shared.PinKey, pin.Reveal()));
            var id = $"{token.Serial} {token.Label} {hash}";
            Judge(token, tried.GetValueOrDefault(id), source);
            var code = session.Login(pin);
            if (code is ReturnCode.Ok or ReturnCode.UserAlreadyLoggedIn)
            {
                tried.TryRemove(id, out _);
                return;
            }
            if (!ReturnCode.IsPinRefused(code))
            {
                throw new CryptokiException("C_Login", code);
            }
            tried[id] = [module.Use(library => library.Token(session.Token.Slot)).Has(TriesUsed) ? Counts : (byte)0, .. BitConverter.GetBytes(code)];
            throw new PinException(
                $"token \"{token.Label}\" refuses the PIN from {source} ({ReturnCode.Name(code)}); it is not tried again, so that the token does not lock itself: "
                + "mend it (a file is read again by itself; for a variable restart, for the configuration reload)");
        }
    }

    private static void Judge(TokenInfo token, byte[]? refused, string source)
    {
        if (token.Has(Ck.TokenUserPinLocked))
        {
            throw new PinException($"token \"{token.Label}\" has locked its user PIN; its security officer has to set a new one", isSetup: false);
        }
        // Tokens that count tries tell when the operator has logged in rightly or set a new PIN meanwhile.
        var isMended = refused is [Counts, ..] && !token.Has(TriesUsed);
        if (refused is not null && !isMended)
        {
            throw new PinException(
                $"token \"{token.Label}\" has refused the PIN from {source} before ({ReturnCode.Name(BitConverter.ToUInt32(refused, 1))}); it is not tried again until another one is there");
        }
        if (token.Has(Ck.TokenUserPinFinalTry))
        {
            throw new PinException(
                $"token \"{token.Label}\" has one try for its PIN left, which is not risked: log in once with the right PIN (pkcs11-tool --login --test), then check {source}",
                isSetup: false);
        }
    }
}
