using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Pki;

/// <summary>
/// The extensions that a CSR asks for, under PKCS #9's attribute or Microsoft's, those that policy reads parsed. A wish: nothing here
/// reaches a certificate except as policy decides.
/// </summary>
internal sealed class RequestedExtensions
{
    private RequestedExtensions(IReadOnlyList<CertificateExtension> list)
    {
        CertificateExtension.RefuseDuplicates(list);
        List = list;
        SubjectAltName = Find(Oids.SubjectAltName, static v => GeneralNames.Parse(v, "the requested subject alternative name"));
        ExtKeyUsages = Find(Oids.ExtKeyUsage, Eku.Parse) ?? [];
        KeyUsage = Find(Oids.KeyUsage, static v => (X509KeyUsageFlags?)KeyUsages.Parse(v));
        BasicConstraints = Find(Oids.BasicConstraints, static v => (BasicConstraints?)Pki.BasicConstraints.Parse(v));
    }

    public IReadOnlyList<CertificateExtension> List { get; }

    public GeneralNames? SubjectAltName { get; }

    public IReadOnlyList<string> ExtKeyUsages { get; }

    public X509KeyUsageFlags? KeyUsage { get; }

    public BasicConstraints? BasicConstraints { get; }

    public static RequestedExtensions Read(RequestAttributes attributes) =>
        new([.. Read(attributes, Oids.ExtensionRequest), .. Read(attributes, Oids.MicrosoftExtensionRequest)]);

    private static IReadOnlyList<CertificateExtension> Read(RequestAttributes attributes, string oid) =>
        attributes.Single(oid, "the CSR's extension request") is { } value
            ? Der.Read(value, "the CSR's extension request", CertificateExtension.ReadList)
            : [];

    private T? Find<T>(string oid, Func<ReadOnlyMemory<byte>, T> parse) =>
        List.FirstOrDefault(e => e.Oid == oid) is { } extension ? parse(extension.Value) : default;
}
