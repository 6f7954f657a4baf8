using Kipuka.Sdk;

namespace Kipuka.Config;

/// <summary><c>[est.csr_template]</c> and <c>[est.label.csr_template]</c>: advice in /csrattrs besides what policy itself demands (ruling 29).</summary>
internal sealed record CsrTemplateConfig
{
    /// <summary>A key type by its usual name; absent: the first of <c>allowed_key_types</c>.</summary>
    public string? KeyAlgorithm { get; init; }

    /// <summary>Names or dotted OIDs of extensions to ask for. The client fills in what policy does not fix.</summary>
    [Setting(Max = 16)]
    public IReadOnlyList<string> RequiredExtensions { get; init; } = [];

    /// <summary>The attributes of the subject, in order.</summary>
    [Setting(Max = 32)]
    public IReadOnlyList<CsrTemplateName> Subject { get; init; } = [];
}

/// <summary>One attribute of <c>subject</c>.</summary>
internal sealed record CsrTemplateName
{
    /// <summary>Dotted, or a short name: <c>CN</c>, <c>O</c>, <c>OU</c>.</summary>
    public required string Oid { get; init; }

    /// <summary>Absent: the client fills it in.</summary>
    public string? Value { get; init; }
}
