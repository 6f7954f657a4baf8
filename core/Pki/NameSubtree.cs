using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>One GeneralSubtree of name constraints (RFC 5280 4.2.1.10).</summary>
internal sealed class NameSubtree
{
    private readonly bool _wholeSubtree;

    private NameSubtree(GeneralName root, bool wholeSubtree)
    {
        Base = root;
        _wholeSubtree = wholeSubtree;
    }

    public GeneralName Base { get; }

    public static NameSubtree Read(AsnReader sequence)
    {
        var root = GeneralName.Read(sequence);
        var minimum = Distance(sequence, 0);
        var maximum = Distance(sequence, 1);
        sequence.ThrowIfNotEmpty();
        // Other distances than 0 and none are of no use, and a verifier that sees them refuses.
        return new NameSubtree(root, minimum is null or 0 && maximum is null);
    }

    /// <summary>Whether a name of the base's kind is in the subtree; null where that cannot be judged.</summary>
    public bool? Matches(GeneralName name)
    {
        if (!_wholeSubtree) return null;
        return Base.Kind switch
        {
            GeneralNameKind.DirectoryName => name.Directory!.IsWithin(Base.Directory!),
            GeneralNameKind.Dns => MatchesDns(name.Value),
            GeneralNameKind.Email => MatchesEmail(name.Value),
            GeneralNameKind.Uri => MatchesUri(name.Value),
            GeneralNameKind.Ip => MatchesIp(Octets(name), Octets(Base)),
            _ => null,
        };
    }

    /// <summary>
    /// Whether some host that a wildcard stands for is in the subtree: a certificate for *.example.com serves under an excluded
    /// a.example.com, too.
    /// </summary>
    public bool MeetsWildcard(GeneralName name)
        => name.IsWildcard && Base.Value.TrimStart('.') is var host && host.Contains('.', StringComparison.Ordinal)
            && host[(host.IndexOf('.') + 1)..].Equals(name.Value[2..], StringComparison.OrdinalIgnoreCase);

    // Labels may be added on the left. A base that begins with a dot is not the RFC's; all verifiers take it for "at least one more label".
    private bool MatchesDns(string name)
    {
        var root = Base.Value;
        return root.Length == 0 || name.Equals(root, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(root[0] == '.' ? root : "." + root, StringComparison.OrdinalIgnoreCase);
    }

    // A mailbox, a host, or with a leading dot every host below a domain.
    private bool? MatchesEmail(string mailbox)
    {
        var at = mailbox.LastIndexOf('@');
        if (Base.Value.Length == 0 || at < 0) return null;
        var host = mailbox[(at + 1)..];
        var split = Base.Value.LastIndexOf('@');
        if (split < 0) return MatchesHost(host);
        var local = Base.Value[..split];
        return (local.Length == 0 || local == mailbox[..at]) && host.Equals(Base.Value[(split + 1)..], StringComparison.OrdinalIgnoreCase);
    }

    // A URI that names no host by name must be refused where URIs are constrained (RFC 5280 4.2.1.10).
    private bool? MatchesUri(string uri)
        => Base.Value.Length > 0 && GeneralNameSyntax.HostOf(uri) is { Length: > 0 } host && host[0] != '[' && !HostName.IsIpv4(host)
            ? MatchesHost(host)
            : null;

    private bool MatchesHost(string host) => Base.Value[0] == '.'
        ? host.Length > Base.Value.Length && host.EndsWith(Base.Value, StringComparison.OrdinalIgnoreCase)
        : host.Equals(Base.Value, StringComparison.OrdinalIgnoreCase);

    // Address and mask, as in RFC 4632; an address of the other family is outside.
    private static bool? MatchesIp(ReadOnlySpan<byte> address, ReadOnlySpan<byte> range)
    {
        if (address.Length is not (4 or 16) || range.Length is not (8 or 32)) return null;
        if (range.Length != 2 * address.Length) return false;
        for (var i = 0; i < address.Length; i++)
        {
            if (((address[i] ^ range[i]) & range[address.Length + i]) != 0) return false;
        }
        return true;
    }

    private static ReadOnlySpan<byte> Octets(GeneralName name)
        => Der.Read(name.Raw, "an address", static reader => reader.ReadOctets(new Asn1Tag(TagClass.ContextSpecific, (int)GeneralNameKind.Ip))).Span;

    private static int? Distance(AsnReader sequence, int number)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, number);
        if (!sequence.HasData || !sequence.PeekTag().HasSameClassAndValue(tag)) return null;
        return sequence.TryReadInt32(out var distance, tag) ? distance : int.MaxValue;
    }
}
