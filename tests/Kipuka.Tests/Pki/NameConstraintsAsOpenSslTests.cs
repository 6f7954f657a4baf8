using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;
using static Kipuka.Tests.Pki.NameConstraintsTests;

namespace Kipuka.Tests.Pki;

/// <summary>Our verdict on generated constraints and names is that of <c>openssl verify</c> on certificates made of them.</summary>
public sealed class NameConstraintsAsOpenSslTests : IDisposable
{
    private static readonly DateTimeOffset From = DateTimeOffset.UtcNow.AddHours(-1);
    private static readonly GeneralName[] Roots =
    [
        GeneralName.Dns("example.com"), GeneralName.Dns("a.example.com"), GeneralName.Dns(".example.com"), GeneralName.Dns(""),
        GeneralName.Email("example.com"), GeneralName.Email(".example.com"), GeneralName.Email("me@example.com"),
        GeneralName.Uri("example.com"), GeneralName.Uri(".example.com"),
        Range("10.0.0.0", "255.0.0.0"), Range("10.0.0.0", "255.255.0.0"), Range("2001:db8::", "ffff:ffff::"),
        GeneralName.DirectoryName(Name("O=Acme")), GeneralName.DirectoryName(Name("O=acme,CN=a.example.com")), GeneralName.DirectoryName(Name("")),
    ];

    private static readonly GeneralName[] Names =
    [
        GeneralName.Dns("example.com"), GeneralName.Dns("A.Example.com"), GeneralName.Dns("b.a.example.com"), GeneralName.Dns("bexample.com"),
        GeneralName.Email("me@example.com"), GeneralName.Email("you@a.example.com"), GeneralName.Email("Me@example.com"),
        GeneralName.Uri("https://example.com/x"), GeneralName.Uri("https://a.example.com:8443/"), GeneralName.Uri("urn:x:y"),
        GeneralName.Ip(System.Net.IPAddress.Parse("10.0.1.2")), GeneralName.Ip(System.Net.IPAddress.Parse("10.1.1.2")), GeneralName.Ip(System.Net.IPAddress.Parse("2001:db8::7")),
    ];

    private static readonly string[] Subjects =
        ["", "CN=x", "CN=a.example.com", "CN=b.example.org", "O=Acme,CN=x", "O=ACME,CN=a.example.com", "O=Acme,emailAddress=me@example.com", "emailAddress=you@example.org"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kipuka-constraints-");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        _key.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void The_verdict_is_OpenSSLs()
    {
        var roots = Gen.Elements(Roots);
        var some = from count in Gen.Choose(0, 2) from list in Gen.ArrayOf(roots, count) select list;
        var holder = from subject in Gen.Elements(Subjects)
                     from count in Gen.Choose(subject.Length == 0 ? 1 : 0, 2)
                     from names in Gen.ArrayOf(Gen.Elements(Names), count)
                     select (subject, names.Length > 0 ? new GeneralNames(names) : null);
        var cases = from permitted in some
                    from excluded in some
                    where permitted.Length + excluded.Length > 0
                    from holders in Gen.ArrayOf(holder, 4)
                    select (permitted, excluded, holders);
        var verdicts = new Dictionary<bool, int> { [true] = 0, [false] = 0 };
        foreach (var (permitted, excluded, holders) in Gen.Sample(cases, 40))
        {
            var encoded = Encode(permitted, excluded);
            var theirs = Verify(encoded, holders);
            foreach (var (at, (subject, san)) in holders.Index())
            {
                var problem = NameConstraints.Parse(encoded).Problem(Name(subject), san);
                var verified = theirs.Contains($"leaf{at}.pem: OK", StringComparison.Ordinal);
                Assert.True((problem is null) == verified, $"{at}: {subject} {san?.Text}; permitted {Text(permitted)}; excluded {Text(excluded)}: ours {problem}; OpenSSL {theirs}");
                verdicts[problem is null]++;
            }
        }
        Assert.All(verdicts.Values, count => Assert.True(count > 10, "the generated cases are all of one kind"));
    }

    private static string Text(GeneralName[] names) => string.Join(' ', names.Select(name => name.Text));

    // One process for all holders under one root.
    private string Verify(byte[] constraints, (string Subject, GeneralNames? San)[] holders)
    {
        var authority = new CertificateRequest(new X500DistinguishedName("O=Test,CN=Root"), _key, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority.CertificateExtensions.Add(new X509Extension(Oids.NameConstraints, constraints, true));
        using var root = authority.CreateSelfSigned(From, From.AddDays(2));
        File.WriteAllText(Path.Combine(_folder.FullName, "root.pem"), root.ExportCertificatePem());
        foreach (var (at, (subject, san)) in holders.Index())
        {
            var name = Name(subject);
            var holder = new CertificateRequest(new X500DistinguishedName(name.Raw.Span), _key, HashAlgorithmName.SHA256);
            if (san is not null) holder.CertificateExtensions.Add(new X509Extension(Oids.SubjectAltName, san.Encode(), name.IsEmpty));
            using var leaf = holder.Create(root, From, From.AddDays(1), [1, 2, 3]);
            File.WriteAllText(Path.Combine(_folder.FullName, $"leaf{at}.pem"), leaf.ExportCertificatePem());
        }
        string[] leaves = [.. holders.Select((_, at) => $"leaf{at}.pem")];
        using var process = Process.Start(new ProcessStartInfo("openssl", ["verify", "-CAfile", "root.pem", .. leaves])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.InRange(process.ExitCode, 0, 2);
        return output;
    }
}
