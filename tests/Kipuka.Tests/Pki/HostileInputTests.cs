using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

/// <summary>Whatever the bytes, reading them ends in a value or in a <see cref="MalformedException"/> of one line.</summary>
public class HostileInputTests
{
    public static TheoryData<string> Requests => new(
        "csr/rsa-2048.der", "csr/ecdsa-p256.der", "csr/rsa-pss.der", "csr/ed25519.der", "rfc7030/A.4-serverkeygen-request.der");

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_cut_short_anywhere_is_malformed(string file)
    {
        var csr = Samples.File(file);
        for (var length = 0; length < csr.Length; length++)
            AssertOneLine(Assert.Throws<MalformedException>(() => CertificationRequest.Parse(csr.AsMemory(0, length))));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_with_any_byte_changed_proves_nothing_and_throws_nothing_else(string file) => Mutate(Samples.File(file), csr =>
    {
        var request = CertificationRequest.Parse(csr);
        _ = request.Subject.Text + request.Subject.GetHashCode() + request.Subject.HasControlCharacters + request.RequestedSan?.Text;
        _ = request.Subject.ReEncodeUtf8();
        foreach (var entry in request.RequestedSan?.Entries ?? []) _ = entry.Problem();
        Assert.False(request.VerifySignature());
    });

    [Fact]
    public void Certificate_with_any_byte_changed_throws_nothing_else()
    {
        var ca = new X509BasicConstraintsExtension(true, false, 0, true);
        var der = Samples.SelfSigned("CN=x, O=y", r => r.CertificateExtensions.Add(ca)).RawData;
        Assert.True(CertificateFields.Parse(der).IsSignedBy(CertificateFields.Parse(der).PublicKey));
        Mutate(der, changed =>
        {
            var certificate = CertificateFields.Parse(changed);
            _ = certificate.Issuer.Text + certificate.Subject.Text + certificate.SerialHex + certificate.IsCa;
            Assert.False(certificate.IsSignedBy(certificate.PublicKey));
        });
        for (var length = 0; length < der.Length; length++)
            Assert.Throws<MalformedException>(() => CertificateFields.Parse(der.AsMemory(0, length)));
    }

    [Fact]
    public void Certs_only_with_any_byte_changed_throws_nothing_else()
    {
        Mutate(Samples.File("rfc7030/A.3-simpleenroll-response.der"), der => CertsOnly.Decode(der));
        Mutate(Samples.File("rfc7030/A.2-csrattrs.der"), der => CsrAttributes.Decode(der));
    }

    [Fact]
    public void Random_bytes_throw_nothing_else()
    {
        var random = new Random(7030);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            if (bytes.Length > 2) (bytes[0], bytes[1]) = (0x30, (byte)(bytes.Length - 2));
            Tolerate(() => CertificationRequest.Parse(bytes));
            Tolerate(() => CertificateFields.Parse(bytes));
            Tolerate(() => DistinguishedName.Parse(bytes));
            Tolerate(() => GeneralNames.Parse(bytes));
            Tolerate(() => PublicKeyInfo.Parse(bytes));
            Tolerate(() => CertsOnly.Decode(bytes));
            Tolerate(() => Pem.ReadCertificates(bytes, "file"));
        }
    }

    [Fact]
    public void Armour_that_opens_a_hundred_thousand_times_is_refused_in_one_pass()
    {
        var text = string.Concat(Enumerable.Repeat("-----BEGIN A-----\n", 100_000));
        Assert.Equal("a PEM block does not end as it began", Samples.Refusal(() => Pem.Read(Encoding.ASCII.GetBytes(text))));
    }

    [Fact]
    public void Object_identifier_of_great_length_is_refused_unread()
    {
        byte[] oid = [0x88, 0x82, 0x40, 0x00, .. Enumerable.Repeat((byte)0xFF, 0x3FFF), 0x7F];
        Assert.Equal("an object identifier is longer than 64 bytes",
            Samples.Refusal(() => GeneralNames.Parse(Samples.Der(w =>
            {
                using var names = w.PushSequence();
                w.WriteEncodedValue(oid);
            }))));
    }

    private static void Mutate(byte[] original, Action<byte[]> read)
    {
        // One bit or all of them, in turn: what is read may have to check a signature each time.
        for (var at = 0; at < original.Length; at++)
        {
            var changed = (byte[])original.Clone();
            changed[at] ^= at % 2 == 0 ? (byte)0xFF : (byte)0x01;
            Tolerate(() => read(changed));
        }
    }

    private static void Tolerate(Action read)
    {
        try
        {
            read();
        }
        catch (MalformedException e)
        {
            AssertOneLine(e);
        }
    }

    private static void AssertOneLine(MalformedException e)
    {
        Assert.DoesNotContain(e.Message, char.IsControl);
        Assert.InRange(e.Message.Length, 10, 200);
        Assert.Null(e.InnerException);
    }
}
