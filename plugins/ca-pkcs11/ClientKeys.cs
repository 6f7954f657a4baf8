using System.Formats.Asn1;
using System.Security.Cryptography;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>
/// Makes key pairs for clients in the token, as objects of the session, and takes them out: wrapped with a key of one use where the token can
/// (C_WrapKey), else by their attributes in clear, where the token lets them be seen.
/// </summary>
internal sealed class ClientKeys
{
    private const int MostBytes = 4096;

    // Set once the token has refused to wrap: it will refuse again.
    private volatile bool wrapsNot;

    /// <exception cref="NotSupportedException">The token makes none of this kind.</exception>
    /// <exception cref="KeyExportException">It gives none away.</exception>
    /// <exception cref="CryptokiException">The module does not do it.</exception>
    public GeneratedKey Make(Session session, string algorithm)
    {
        var listed = session.Mechanisms();
        var kind = KeyKind.Find(algorithm);
        if (kind is null or { IsMlDsa: true } || !listed.Contains(kind.Generation.Id))
        {
            throw new NotSupportedException($"the CA's token makes no keys of type {algorithm}");
        }
        uint? wrap = listed.Contains(Ck.AesKeyWrapKwp) ? Ck.AesKeyWrapKwp : listed.Contains(Ck.AesKeyWrapPad) ? Ck.AesKeyWrapPad : null;
        if (wrap is { } mechanism && !wrapsNot)
        {
            try
            {
                return MakeWrapped(session, kind, new Mechanism(mechanism));
            }
            catch (Exception fault) when (IsForbidden(fault))
            {
                wrapsNot = true;
            }
        }
        try
        {
            return MakeInClear(session, kind);
        }
        catch (Exception fault) when (IsForbidden(fault))
        {
            throw new KeyExportException(
                $"{session.Token} makes keys for clients but does not give them away ({fault.Message}); allow extractable session keys, "
                + "or set hsm_random = false, and the server makes keys and serial numbers itself",
                fault);
        }
    }

    /// <summary>The quickest kind that the token makes.</summary>
    /// <exception cref="KeyExportException">It makes none, or gives none away.</exception>
    public GeneratedKey MakeAny(Session session)
    {
        var listed = session.Mechanisms();
        var kind = KeyKind.All.FirstOrDefault(kind => !kind.IsMlDsa && listed.Contains(kind.Generation.Id));
        return kind is null
            ? throw new KeyExportException($"{session.Token} makes neither RSA nor EC keys; set hsm_random = false, and the server makes keys and serial numbers itself")
            : Make(session, kind.Name);
    }

    // A padding that is not RFC 5649's is as good as a refusal: PKCS#11 2.40 leaves CKM_AES_KEY_WRAP_PAD open.
    private static bool IsForbidden(Exception fault) => fault is CryptographicException || (fault is CryptokiException { Code: var code } && ReturnCode.IsForbidden(code));

    private static GeneratedKey MakeWrapped(Session session, KeyKind kind, Mechanism wrap)
    {
        var secret = GC.AllocateArray<byte>(32, pinned: true);
        RandomNumberGenerator.Fill(secret);
        var template = new Template().Add(Ck.AttributeClass, Ck.ClassSecretKey).Add(Ck.AttributeKeyType, Ck.KeyTypeAes).Add(Ck.AttributeToken, false)
            .Add(Ck.AttributePrivate, true).Add(Ck.AttributeSensitive, true).Add(Ck.AttributeExtractable, false).Add(Ck.AttributeWrap, true)
            .Add(Ck.AttributeValue, secret);
        try
        {
            var wrapping = session.Create(template);
            try
            {
                return With(session, kind, sensitive: true, (publicKey, privateKey) =>
                {
                    using var key = PublicKeys.Read(session, publicKey, kind.KeyType) ?? throw NoPublicKey(session);
                    return new GeneratedKey(Unwrap(secret, session.Wrap(wrap, wrapping, privateKey)), key.ExportSubjectPublicKeyInfo());
                });
            }
            finally
            {
                session.Destroy(wrapping);
            }
        }
        finally
        {
            template.Clear();
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static Secret Unwrap(byte[] secret, byte[] wrapped)
    {
        using var aes = Aes.Create();
        aes.SetKey(secret);
        var pkcs8 = GC.AllocateArray<byte>(wrapped.Length, pinned: true);
        try
        {
            if (!aes.TryDecryptKeyWrapPadded(wrapped, pkcs8, out var written))
            {
                throw new CryptographicException("a wrapped key is longer than what it was wrapped in");
            }
            // SoftHSM2 wraps its own padding too.
            AsnDecoder.ReadEncodedValue(pkcs8.AsSpan(0, written), AsnEncodingRules.BER, out _, out _, out var length);
            return Secret.Copy(pkcs8.AsSpan(0, length));
        }
        catch (AsnContentException fault)
        {
            throw new CryptographicException("a wrapped key is no PKCS#8", fault);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }

    private static GeneratedKey MakeInClear(Session session, KeyKind kind) => With(session, kind, sensitive: false, (publicKey, privateKey) =>
    {
        using var half = PublicKeys.Read(session, publicKey, kind.KeyType) ?? throw NoPublicKey(session);
        using var key = PrivateKeys.Read(session, privateKey, half);
        var pkcs8 = GC.AllocateArray<byte>(MostBytes, pinned: true);
        try
        {
            return key.TryExportPkcs8PrivateKey(pkcs8, out var written)
                ? new GeneratedKey(Secret.Copy(pkcs8.AsSpan(0, written)), key.ExportSubjectPublicKeyInfo())
                : throw new CryptographicException($"a private key is longer than {MostBytes} bytes");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    });

    private static GeneratedKey With(Session session, KeyKind kind, bool sensitive, Func<ulong, ulong, GeneratedKey> take)
    {
        var (publicKey, privateKey) = session.GenerateKeyPair(
            kind.Generation,
            kind.PublicTemplate().Add(Ck.AttributeToken, false).Add(Ck.AttributeVerify, true),
            new Template().Add(Ck.AttributeToken, false).Add(Ck.AttributePrivate, true).Add(Ck.AttributeSensitive, sensitive)
                .Add(Ck.AttributeExtractable, true).Add(Ck.AttributeSign, true));
        try
        {
            return take(publicKey, privateKey);
        }
        finally
        {
            session.Destroy(privateKey);
            session.Destroy(publicKey);
        }
    }

    private static CryptographicException NoPublicKey(Session session) => new($"{session.Token} does not show the public half of a key that it made");
}
