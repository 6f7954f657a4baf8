using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>
/// A subject in which <c>{principal}</c> stands for who asks. The text is read once, when the server starts; a principal is put into the attributes
/// that were read then, and is never read as text itself: whatever it contains, it is part of one value.
/// </summary>
internal sealed class SubjectTemplate
{
    private readonly IReadOnlyList<IReadOnlyList<Attribute>> rdns;

    private SubjectTemplate(IReadOnlyList<IReadOnlyList<Attribute>> rdns) => this.rdns = rdns;

    /// <summary>Whether the principal occurs in it at all.</summary>
    public bool NamesThePrincipal => rdns.Any(rdn => rdn.Any(attribute => attribute.Pieces.Count > 1));

    /// <exception cref="FormatException">The text is no subject; the message says why.</exception>
    public static SubjectTemplate Parse(string text) => new(SubjectReader.Read(text));

    /// <summary>
    /// The name, in the order of a directory: RFC 4514 section 2.1 writes the last relative name first, so <c>CN=x,DC=example,DC=com</c> is encoded as DC=com,
    /// DC=example, CN=x.
    /// </summary>
    public X500DistinguishedName For(string principal)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var rdn in rdns.Reverse())
            {
                using var set = writer.PushSetOf();
                foreach (var attribute in rdn)
                {
                    using var pair = writer.PushSequence();
                    writer.WriteObjectIdentifier(attribute.Oid);
                    writer.WriteCharacterString(UniversalTagNumber.UTF8String, string.Join(principal, attribute.Pieces));
                }
            }
        }
        return new X500DistinguishedName(writer.Encode());
    }

    /// <summary>One attribute.</summary>
    /// <param name="Oid">Its type.</param>
    /// <param name="Pieces">Its value, cut where the principal goes.</param>
    internal sealed record Attribute(string Oid, IReadOnlyList<string> Pieces);
}
