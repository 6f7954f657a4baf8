using Kipuka.Plugins.CaPkcs11.Cryptoki;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>Which private key of a token is meant. Every part that is not null must fit.</summary>
internal sealed record KeyQuery(string? Label, ReadOnlyMemory<byte>? Id)
{
    private const int MostListed = 50;

    /// <summary>Ruling 15: the URI first, else <c>hsm_slot</c> as the CKA_ID, else <c>key</c> as the label.</summary>
    public static KeyQuery Of(Pkcs11Uri? uri, string? label, long? hsmSlot)
        => uri is not null ? new KeyQuery(uri.Object, uri.Id)
            : hsmSlot is { } id ? new KeyQuery(null, (byte[])[(byte)id])
            : new KeyQuery(label, null);

    /// <summary>Finds it in a session that is logged in.</summary>
    /// <exception cref="HsmException">No key fits, or more than one; the message lists those that are there.</exception>
    public ulong Find(Session session)
    {
        var template = new Template().Add(Ck.AttributeClass, Ck.ClassPrivateKey);
        if (Label is not null)
        {
            template.Add(Ck.AttributeLabel, Label);
        }
        if (Id is { } id)
        {
            template.Add(Ck.AttributeId, id.Span);
        }
        var found = session.Find(template);
        return found switch
        {
            [var key] => key,
            [] => throw new HsmException($"no private key on {session.Token} has {this}; {List(session, session.Find(new Template().Add(Ck.AttributeClass, Ck.ClassPrivateKey)))}", isSetup: true),
            _ => throw new HsmException($"more than one private key on {session.Token} has {this}; name one with object= and id= in the key's URI; {List(session, found)}", isSetup: true),
        };
    }

    public override string ToString() => (Label, Id) switch
    {
        ({ } label, { } id) => $"the label \"{label}\" and the CKA_ID {Hex(id.Span)}",
        ({ } label, null) => $"the label \"{label}\"",
        (null, { } id) => $"the CKA_ID {Hex(id.Span)}",
        _ => "any label and CKA_ID",
    };

    private static string List(Session session, IReadOnlyList<ulong> keys) => keys.Count == 0
        ? "it shows no private key at all"
        : $"it has: {string.Join("; ", keys.Take(MostListed).Select(key => Describe(session, key)))}{(keys.Count > MostListed ? "; and more" : "")}";

    private static string Describe(Session session, ulong key)
        => $"CKA_ID {Hex(session.Attribute(key, Ck.AttributeId))} label \"{System.Text.Encoding.UTF8.GetString(session.Attribute(key, Ck.AttributeLabel) ?? [])}\"";

    internal static string Hex(ReadOnlySpan<byte> id) => id.IsEmpty ? "(none)" : Convert.ToHexStringLower(id);
}
