using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Kipuka.Sdk;

namespace Kipuka.Plugins.CaPkcs11.Commands;

/// <summary><c>kipuka hsm keygen</c>: a pair whose private half is sensitive and cannot be extracted.</summary>
internal static class KeyGeneration
{
    private const string Usual = "ecdsa-p384";

    public static void Run(Module module, ITokenSettings settings, PluginCommandCall call)
    {
        var uri = HsmCommands.Key(call);
        var type = call.Options.GetValueOrDefault("type") ?? Usual;
        var kind = KeyKind.Find(type) ?? throw new ArgumentException($"--type {type} is none of {string.Join(", ", KeyKind.All.Select(known => known.Name))}");
        var token = TokenQuery.Of(settings, uri).Find(module);
        using var session = HsmCommands.Open(module, token, settings, readWrite: true);
        if (!session.IsLoggedIn && token.Has(Ck.TokenLoginRequired))
        {
            throw new PinException($"token \"{token.Label}\" wants a PIN; give --pin-env or --pin-file, or a configuration with [hsm]");
        }
        var id = uri.Id is { } given ? given.ToArray() : FreeId(session);
        var label = uri.Object ?? Convert.ToHexStringLower(id);
        RefuseTwin(session, label, id);
        session.GenerateKeyPair(
            kind.Generation,
            kind.PublicTemplate().Add(Ck.AttributeToken, true).Add(Ck.AttributeVerify, true).Add(Ck.AttributeLabel, label).Add(Ck.AttributeId, id),
            new Template().Add(Ck.AttributeToken, true).Add(Ck.AttributePrivate, true).Add(Ck.AttributeSensitive, true).Add(Ck.AttributeExtractable, false)
                .Add(Ck.AttributeSign, true).Add(Ck.AttributeLabel, label).Add(Ck.AttributeId, id));
        call.Output.WriteLine(new Pkcs11Uri { Token = token.Label, Object = label, Id = id });
    }

    // One byte, so that hsm_slot can name it.
    private static byte[] FreeId(Session session)
    {
        for (var id = 1; id <= byte.MaxValue; id++)
        {
            if (session.Find(new Template().Add(Ck.AttributeId, [(byte)id])).Count == 0)
            {
                return [(byte)id];
            }
        }
        throw new ArgumentException("every CKA_ID of one byte is taken; give one with id= in --key");
    }

    private static void RefuseTwin(Session session, string label, byte[] id)
    {
        var keys = new Template().Add(Ck.AttributeClass, Ck.ClassPrivateKey);
        if (session.Find(keys.Add(Ck.AttributeId, id)).Count > 0)
        {
            throw new ArgumentException($"{session.Token} already has a private key with the CKA_ID {Convert.ToHexStringLower(id)}; choose another id");
        }
        if (session.Find(new Template().Add(Ck.AttributeClass, Ck.ClassPrivateKey).Add(Ck.AttributeLabel, label)).Count > 0)
        {
            throw new ArgumentException($"{session.Token} already has a private key with the label \"{label}\"; choose another label");
        }
    }
}
