namespace Kipuka.Pki;

/// <summary>How /csrattrs says what it has to say (RFC 9908 4).</summary>
internal enum CsrAdviceForm
{
    /// <summary>The list of RFC 7030 and the template; a client that knows templates reads only that.</summary>
    Both,

    /// <summary>The list of RFC 7030 alone.</summary>
    Attributes,

    /// <summary>The template alone.</summary>
    Template,
}

/// <summary>What a server would like to see in a CSR, however it is then written.</summary>
internal sealed record CsrAdvice
{
    /// <summary>Attributes by OID alone; a template has no place for them.</summary>
    public IReadOnlyList<string> Oids { get; init; } = [];

    /// <summary>The signature of the CSR, by OID; a template has no place for it.</summary>
    public string? SignatureAlgorithm { get; init; }

    public KeyType? Key { get; init; }

    public IReadOnlyList<NameTemplate> Subject { get; init; } = [];

    public IReadOnlyList<ExtensionTemplate> Extensions { get; init; } = [];

    /// <summary>The body of /csrattrs, DER; empty where there is nothing to say.</summary>
    public ReadOnlyMemory<byte> Encode(CsrAdviceForm form)
    {
        List<CsrAttribute> list = [];
        if (form != CsrAdviceForm.Template) AddList(list);
        // Proof of possession is tied to the connection whatever form the rest has (RFC 7030 4.5.2).
        else if (Oids.Contains(Pki.Oids.ChallengePassword)) list.Add(new CsrAttribute(Pki.Oids.ChallengePassword));
        var template = new CsrTemplate([.. Subject.Select(attribute => (IReadOnlyList<NameTemplate>)[attribute])], Key is { } key ? KeyWish.For(key) : null, Extensions);
        if (form != CsrAdviceForm.Attributes && !template.IsEmpty) list.Add(template.ToAttribute());
        return list.Count > 0 ? CsrAttributes.Encode(list) : ReadOnlyMemory<byte>.Empty;
    }

    private void AddList(List<CsrAttribute> list)
    {
        // Exactly one key type, one extension request (RFC 9908 3.2): what is given with its value stands for the bare OID.
        var bare = Oids.Where(oid => !(Key is not null && KeyWish.IsKeyAlgorithm(oid)) && !Extensions.Any(extension => extension.Oid == oid));
        if (Extensions.Count > 0) bare = bare.Where(oid => oid != Pki.Oids.ExtensionRequest);
        if (SignatureAlgorithm is { } signature) bare = bare.Append(signature);
        // A subject cannot be prescribed here, but which attributes it should have can be listed.
        bare = bare.Concat(Subject.Select(attribute => attribute.Oid)).Distinct();
        list.AddRange(bare.Select(oid => new CsrAttribute(oid)));
        if (Key is { } key) list.Add(KeyWish.For(key).ToAttribute());
        if (Extensions.Count > 0) list.Add(new CsrAttribute(Pki.Oids.ExtensionRequest, [ExtensionTemplate.EncodeList(Extensions, mayLackValues: false)]));
    }
}
