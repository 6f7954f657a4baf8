using System.Security.Cryptography.X509Certificates;
using Kipuka.Sdk;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>Principal to subject: an explicit mapping first, the default template for all others, nothing where there is none.</summary>
internal sealed class PrincipalMap
{
    private const string DefaultKey = "default_template";

    private readonly Dictionary<string, SubjectTemplate> mapped = [];
    private readonly List<SettingsProblem> problems = [];
    private readonly SubjectTemplate? others;

    private PrincipalMap(GssapiSettings settings)
    {
        foreach (var (principal, subject) in settings.PrincipalMapping.Where(pair => pair.Key != DefaultKey))
        {
            var key = $"principal_mapping.\"{principal.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
            if (!PrincipalText.IsWhole(principal))
            {
                problems.Add(new SettingsProblem(key, $"{principal} is no principal with a realm; write \"name@REALM\"."));
            }
            if (Parse(key, subject) is { } template)
            {
                mapped[principal] = template;
            }
        }
        others = Default(settings);
        if (others is null && settings.PrincipalMapping.Count == 0)
        {
            problems.Add(new SettingsProblem(null, "No principal is mapped to a subject, so every one is refused: add principal_mapping or default_template.")
            {
                IsWarning = true,
            });
        }
    }

    /// <summary>What an operator has to mend.</summary>
    public IReadOnlyList<SettingsProblem> Problems => problems;

    public static PrincipalMap From(GssapiSettings settings) => new(settings);

    /// <summary>The subject, and the key that says so; null where the principal has none.</summary>
    public (X500DistinguishedName Subject, string Rule)? Find(string principal)
        => mapped.TryGetValue(principal, out var own) ? (own.For(principal), "principal_mapping")
            : others is not null ? (others.For(principal), DefaultKey)
            : null;

    // The book has it inside the table of mappings, where TOML puts a key that stands below that table's header.
    private SubjectTemplate? Default(GssapiSettings settings)
    {
        var inside = settings.PrincipalMapping.GetValueOrDefault(DefaultKey);
        var key = inside is null ? DefaultKey : $"principal_mapping.{DefaultKey}";
        if (inside is not null && settings.DefaultTemplate is not null)
        {
            problems.Add(new SettingsProblem(key, $"{DefaultKey} stands in [gssapi] and in [gssapi.principal_mapping]; keep one."));
            return null;
        }
        var template = (inside ?? settings.DefaultTemplate) is { } text ? Parse(key, text) : null;
        if (template is { NamesThePrincipal: false })
        {
            problems.Add(new SettingsProblem(key, "The template gives every principal the same subject: put {principal} into it."));
        }
        return template;
    }

    private SubjectTemplate? Parse(string key, string text)
    {
        try
        {
            return SubjectTemplate.Parse(text);
        }
        catch (FormatException fault)
        {
            problems.Add(new SettingsProblem(key, $"\"{text}\" is no subject: {fault.Message}."));
            return null;
        }
    }
}
