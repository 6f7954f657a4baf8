using Kipuka.Pki;

namespace Kipuka.Config.Checks;

/// <summary><c>csr_attributes</c>, <c>csr_attributes_form</c> and <c>csr_template</c>, of <c>[est]</c> and of labels.</summary>
internal static class CsrAdviceChecks
{
    public static void Run(CheckReport report, KipukaConfig config)
    {
        One(report, config.Est.CsrAttributes, config.Est.CsrTemplate, config.Enrollment.AllowedKeyTypes, "est");
        foreach (var (label, i) in config.Est.Labels.Select((label, i) => (label, i)))
        {
            One(report, label.CsrAttributes, label.CsrTemplate, label.AllowedKeyTypes ?? config.Enrollment.AllowedKeyTypes, $"est.label[{i}]");
        }
    }

    private static void One(
        CheckReport report, IReadOnlyList<string>? attributes, CsrTemplateConfig? template, IReadOnlyList<string>? allowed, string path)
    {
        if (attributes?.Count > 0 && report.Text($"{path}.csr_attributes_form") == "template")
        {
            report.Warn("no-effect", $"{path}.csr_attributes", "has no effect with csr_attributes_form = \"template\": a template holds no bare OIDs");
        }
        foreach (var (oid, at) in report.Items(attributes, $"{path}.csr_attributes"))
        {
            if (!Der.IsOid(oid)) report.Fail("bad-value", at, "must be an OID in dots, such as 1.2.840.113549.1.9.7");
        }
        if (template is null) return;
        path += ".csr_template";
        if (template.KeyAlgorithm is { } name) KeyAlgorithm(report, name, allowed, $"{path}.key_algorithm");
        foreach (var (extension, at) in report.Items(template.RequiredExtensions, $"{path}.required_extensions"))
        {
            if (!ExtensionNames.TryParse(extension, out _))
            {
                report.Fail("bad-value", at, $"is neither an OID in dots nor one of {string.Join(", ", ExtensionNames.All)}");
            }
        }
        foreach (var (attribute, i) in template.Subject.Select((attribute, i) => (attribute, i))) Name(report, attribute, $"{path}.subject[{i}]");
    }

    private static void KeyAlgorithm(CheckReport report, string name, IReadOnlyList<string>? allowed, string path)
    {
        if (!KeyType.TryParse(name, out var type))
        {
            report.Fail("bad-value", path, "is not a key type; write one such as rsa-3072, ecdsa-p256 or ml-dsa-65");
        }
        else if (allowed is not null && !allowed.Any(other => KeyType.TryParse(other, out var listed) && listed == type))
        {
            report.Warn("contradiction", path, $"advises {type.Name}, which allowed_key_types does not list: a client that follows it is refused");
        }
    }

    private static void Name(CheckReport report, CsrTemplateName attribute, string path)
    {
        if (attribute.Oid is not { } oid) return; // the binder has said that it is missing
        if (AttributeType.Parse(oid) is not { } type)
        {
            report.Fail("bad-value", $"{path}.oid", "is neither an OID in dots nor a short name such as CN, O or OU");
            return;
        }
        try
        {
            if (attribute.Value is { } value) NameAttribute.Create(type, value);
        }
        catch (MalformedException fault)
        {
            report.Fail("bad-value", $"{path}.value", $"cannot be a value of a subject: {fault.Message}");
        }
    }
}
