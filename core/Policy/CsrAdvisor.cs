using Kipuka.Config;
using Kipuka.Pki;

namespace Kipuka.Policy;

/// <summary>What /csrattrs says at a label: what its policy demands, and what the operator would like besides (ruling 29).</summary>
internal static class CsrAdvisor
{
    /// <summary>The body of the answer, DER; empty where there is nothing to say.</summary>
    /// <param name="label">Null for the unlabelled path.</param>
    /// <param name="est">What holds where the label says nothing.</param>
    /// <param name="policy">The policy that will judge the CSR.</param>
    /// <param name="cabf">Whether a CA of the label's group adds the CA/Browser Forum's rules.</param>
    public static ReadOnlyMemory<byte> Advise(LabelConfig? label, EstConfig est, LabelPolicy policy, bool cabf)
    {
        var template = label?.CsrTemplate ?? est.CsrTemplate ?? new CsrTemplateConfig();
        var derived = policy.Advise(cabf);
        IEnumerable<string> oids = label?.CsrAttributes ?? est.CsrAttributes;
        if (est.ChannelBinding == "required") oids = oids.Prepend(Oids.ChallengePassword); // RFC 7030 section 4.5.2
        var wished = KeyType.TryParse(template.KeyAlgorithm, out var named);
        var advice = derived with
        {
            Oids = [.. oids.Distinct()],
            Key = wished ? named : derived.Key,
            SignatureAlgorithm = wished ? policy.AdvisedSignature(named) : derived.SignatureAlgorithm,
            Subject = [.. template.Subject.Select(attribute => NameTemplate.Of(AttributeType.Parse(attribute.Oid)!, attribute.Value))],
            Extensions = [.. derived.Extensions, .. template.RequiredExtensions.Select(Open).Where(open => derived.Extensions.All(known => known.Oid != open.Oid)).DistinctBy(open => open.Oid)],
        };
        return advice.Encode(Form(label?.CsrAttributesForm ?? est.CsrAttributesForm));
    }

    private static ExtensionTemplate Open(string name)
        => ExtensionNames.TryParse(name, out var oid) ? new ExtensionTemplate(oid) : throw new InvalidOperationException($"The extension {name} was not checked.");

    private static CsrAdviceForm Form(string name) => name switch
    {
        "attributes" => CsrAdviceForm.Attributes,
        "template" => CsrAdviceForm.Template,
        _ => CsrAdviceForm.Both,
    };
}
