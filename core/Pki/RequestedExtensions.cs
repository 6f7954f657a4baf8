using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki;

/// <summary>
/// The extensions that a request asks for, in a CSR under PKCS #9's attribute or Microsoft's, those that policy reads parsed. A wish: nothing here
/// reaches a certificate except as policy decides.
/// </summary>
internal sealed class RequestedExtensions
{
    /// <param name="list">As a request brought them; what is wrong with one of them is a <see cref="MalformedException"/>.</param>
    public RequestedExtensions(IReadOnlyList<CertificateExtension> list)
    {
        CertificateExtension.RefuseDuplicates(list);
        List = list;
        SubjectAltName = Find(Oids.SubjectAltName, static v => GeneralNames.Parse(v, "the requested subject alternative name"));
        ExtKeyUsages = Find(Oids.ExtKeyUsage, Eku.Parse) ?? [];
        KeyUsage = Find(Oids.KeyUsage, static v => (X509KeyUsageFlags?)KeyUsages.Parse(v));
        SubjectKeyIdentifier = Find(Oids.SubjectKeyIdentifier, static v => (ReadOnlyMemory<byte>?)Der.Read(v, "the requested subject key identifier", static r => r.ReadOctets()));
        BasicConstraints = Find(Oids.BasicConstraints, static v => (BasicConstraints?)Pki.BasicConstraints.Parse(v));
    }

    public IReadOnlyList<CertificateExtension> List { get; }

    public GeneralNames? SubjectAltName { get; }

    public IReadOnlyList<string> ExtKeyUsages { get; }

    public X509KeyUsageFlags? KeyUsage { get; }

    public BasicConstraints? BasicConstraints { get; }

    /// <summary>By it a message is signed with the request's own key (RFC 5272 3.2).</summary>
    public ReadOnlyMemory<byte>? SubjectKeyIdentifier { get; }

    public static RequestedExtensions Read(RequestAttributes attributes) =>
        new([.. Read(attributes, Oids.ExtensionRequest), .. Read(attributes, Oids.MicrosoftExtensionRequest)]);

    private static IReadOnlyList<CertificateExtension> Read(RequestAttributes attributes, string oid) =>
        attributes.Single(oid, "the CSR's extension request") is { } value
            ? Der.Read(value, "the CSR's extension request", CertificateExtension.ReadList)
            : [];

    private T? Find<T>(string oid, Func<ReadOnlyMemory<byte>, T> parse) =>
        List.FirstOrDefault(e => e.Oid == oid) is { } extension ? parse(extension.Value) : default;
}
