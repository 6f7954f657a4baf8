using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>CSR attributes as lines for people (RFC 7030 4.5.2, RFC 9908): both forms, and hex for what nobody here knows.</summary>
internal static class CsrAdviceText
{
    private const string Yours = "yours to fill in";

    private static readonly Dictionary<string, string> Names = new()
    {
        [Oids.ChallengePassword] = "challengePassword: bind the request to the TLS connection (RFC 7030 section 3.5)",
        [Oids.ExtensionRequest] = "extension request",
        [Oids.ChangeSubjectName] = "ChangeSubjectName",
    };

    public static IEnumerable<string> Lines(IReadOnlyList<CsrAttribute> attributes)
    {
        var template = CsrTemplate.Find(attributes);
        foreach (var attribute in attributes.Where(attribute => attribute.Oid != Oids.CertificationRequestInfoTemplate))
        {
            foreach (var line in Describe(attribute)) yield return line;
        }
        if (template is null) yield break;
        yield return "template, which counts alone for a client that knows it (RFC 9908 section 4):";
        foreach (var line in Describe(template)) yield return "  " + line;
    }

    private static IEnumerable<string> Describe(CsrAttribute attribute)
    {
        if (KeyWish.Read(attribute) is { } key) return [$"key {key.Text}"];
        if (attribute is { Oid: Oids.ExtensionRequest, Values: [var list] })
        {
            return ExtensionTemplate.DecodeList(list, mayLackValues: false, "the extension request").Select(Describe);
        }
        var name = Names.TryGetValue(attribute.Oid, out var known) ? known
            : AttributeType.ByOid(attribute.Oid) is { } type ? $"subject {type.ShortName}"
            : SignatureAlgorithms.Name(attribute.Oid) is { } signature ? $"signature {signature}"
            : ExtensionNames.Print(attribute.Oid) is var extension && extension != attribute.Oid ? $"extension {extension}"
            : $"attribute {attribute.Oid}";
        return [string.Join(' ', [name, .. (attribute.Values ?? []).Select(value => Convert.ToHexStringLower(value.Span))])];
    }

    private static IEnumerable<string> Describe(CsrTemplate template)
    {
        foreach (var attribute in template.Subject.SelectMany(rdn => rdn))
        {
            var text = attribute.Text;
            yield return $"subject {AttributeType.Print(attribute.Oid)} {(text is null ? Yours : "= " + NameText.Escape(text))}";
        }
        if (template.Key is { } key) yield return $"key {key.Text}";
        foreach (var extension in template.Extensions) yield return Describe(extension);
    }

    private static string Describe(ExtensionTemplate extension)
    {
        var value = extension.Value is not { } der ? Yours : extension.Oid switch
        {
            Oids.ExtKeyUsage => "= " + string.Join(", ", Eku.Parse(der).Select(Eku.Name)),
            Oids.KeyUsage => "= " + string.Join(", ", KeyUsages.Names(KeyUsages.Parse(der))),
            _ => "= " + Convert.ToHexStringLower(der.Span),
        };
        return $"extension {ExtensionNames.Print(extension.Oid)}{(extension.Critical ? ", critical," : "")} {value}";
    }
}
