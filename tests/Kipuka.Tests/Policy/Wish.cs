using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;
using Kipuka.Tests.Pki;

namespace Kipuka.Tests.Policy;

/// <summary>What a generated request asks for, good and bad.</summary>
internal sealed record Wish(
    string? CommonName, bool Unit, string[]? Dns, string Key, string[] Usages, X509KeyUsageFlags? KeyUsage, int? Days, bool Extension, bool Ca)
{
    public static readonly Dictionary<string, AsymmetricAlgorithm> Keys = new()
    {
        ["ecdsa-p256"] = Samples.Key,
        ["ecdsa-p384"] = ECDsa.Create(ECCurve.NamedCurves.nistP384),
        ["ecdsa-p521"] = ECDsa.Create(ECCurve.NamedCurves.nistP521),
        ["rsa-2048"] = Samples.Rsa,
        ["rsa-1024"] = RSA.Create(1024),
    };

    public static readonly string[] KnownUsages =
        [Oids.ServerAuth, Oids.ClientAuth, Oids.CodeSigning, Oids.OcspSigning, Oids.CmcRa, Oids.AnyExtendedKeyUsage, "1.2.3.4.5"];

    public static Gen<Wish> Any { get; } =
        from name in Mostly("device-1", null, "a.example.com", "bad\u0007name", "x,y", "*")
        from unit in Rarely
        from dns in Mostly<string[]?>(["device-1"], null, ["a.example.com"], ["a.example.com", "device-1"], ["*.example.com"], ["localhost"], ["bad_name!"], ["a..b"])
        from key in Mostly("ecdsa-p256", [.. Keys.Keys])
        from usages in Some(KnownUsages)
        from usage in Mostly<X509KeyUsageFlags?>(
            null, X509KeyUsageFlags.DigitalSignature, X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DigitalSignature,
            X509KeyUsageFlags.KeyAgreement, X509KeyUsageFlags.DataEncipherment, X509KeyUsageFlags.KeyCertSign, X509KeyUsageFlags.CrlSign)
        from days in Mostly<int?>(null, 1, 30, 90, 398, 5000, 0, -5)
        from extension in Rarely
        from ca in Rarely
        select new Wish(name, unit, dns, key, usages, usage, days, extension, ca);

    /// <summary>The first at least as often as all others together, so that one odd thing comes alone often enough.</summary>
    public static Gen<T> Mostly<T>(T first, params T[] others) => Gen.Frequency((others.Length > 3 ? 2 : 1, Gen.Constant(first)), (1, Gen.Elements(others)));

    public static Gen<bool> Rarely => Gen.Frequency((7, Gen.Constant(false)), (1, Gen.Constant(true)));

    public static Gen<string[]> Some(params string[] from)
        => Gen.Zip(Gen.Choose(0, 3), Gen.Shuffle(from)).Select(pair => pair.Item2.Take(pair.Item1).ToArray());

    public CertificationRequest Request()
    {
        var subject = new X500DistinguishedNameBuilder();
        // The builder encodes from last to first.
        if (CommonName is not null) subject.AddCommonName(CommonName);
        if (Unit) subject.AddOrganizationalUnitName("Sales");
        var request = Keys[Key] is RSA rsa
            ? new CertificateRequest(subject.Build(), rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest(subject.Build(), (ECDsa)Keys[Key], HashAlgorithmName.SHA256);
        if (Dns is not null) request.CertificateExtensions.Add(new X509Extension(Oids.SubjectAltName, new GeneralNames(Dns.Select(GeneralName.Dns)).Encode(), false));
        if (Usages.Length > 0) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. Usages.Select(oid => new Oid(oid))], false));
        if (KeyUsage is { } usage) request.CertificateExtensions.Add(new X509KeyUsageExtension(usage, true));
        if (Extension) request.CertificateExtensions.Add(new X509Extension("1.2.3.4", [5, 0], true));
        if (Ca) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        if (Days is { } days)
        {
            request.OtherRequestAttributes.Add(Pair("ValidityPeriod", "Days"));
            request.OtherRequestAttributes.Add(Pair("ValidityPeriodUnits", days.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        return CertificationRequest.Parse(request.CreateSigningRequest());
    }

    private static AsnEncodedData Pair(string name, string value) => new(new Oid("1.3.6.1.4.1.311.13.2.1"), Samples.Der(writer =>
    {
        using var pair = writer.PushSequence();
        writer.WriteCharacterString(UniversalTagNumber.BMPString, name);
        writer.WriteCharacterString(UniversalTagNumber.BMPString, value);
    }));
}
