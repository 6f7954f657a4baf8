using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;
using Kipuka.Sdk;
using Kipuka.Tests.Cli;

namespace Kipuka.Tests.Pki;

/// <summary>Private keys on their way to a client (RFC 7030 section 4.4.2): what we write is read by OpenSSL and by our own client.</summary>
public sealed class KeyPackageTests : IDisposable
{
    private static readonly DateTimeOffset Time = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] KekName = "device-keys-7"u8.ToArray();
    private static readonly byte[] KekBytes = RandomNumberGenerator.GetBytes(32);

    private readonly X509Certificate2 _certificate = MessageSignerTests.CertificateFor("ecdsa-p256");
    private readonly MessageSigner _signer;
    private readonly GeneratedKey _key = GeneratedKey.Create(KeyType.EcdsaP256);
    private readonly Scratch _folder = new();

    public KeyPackageTests() => _signer = new MessageSigner(_certificate, []);

    public static TheoryData<string, string, bool> Recipients
    {
        get
        {
            var all = new TheoryData<string, string, bool>();
            foreach (var recipient in new[] { "rsa-2048", "rsa-3072", "ecdsa-p256", "ecdsa-p384", "ecdsa-p521", "kek" })
            {
                foreach (var cipher in ContentCipher.All.Where(c => c.KeyBytes == 32 || recipient == "ecdsa-p256"))
                {
                    all.Add(recipient, cipher.Name, false);
                }
            }
            all.Add("rsa-2048", "aes256-CBC", true);
            all.Add("ecdsa-p384", "aes256-CBC", true);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Recipients))]
    public async Task Protected_key_is_opened_by_its_recipient_alone(string recipient, string cipher, bool byCertificate)
    {
        using var holder = new Holder(recipient, byCertificate);
        var message = KeyPackage.Protect(_key.PrivateKey, _signer, holder.Recipient(), Cipher(cipher), Time);

        var (opened, signer) = KeyPackage.Open(message, holder.Opener);
        using (opened)
        {
            Assert.True(opened.Span.SequenceEqual(_key.PrivateKey));
            Assert.Equal(_certificate.RawData, signer.Raw.ToArray());
        }
        using var other = new Holder(recipient, byCertificate, another: true);
        Assert.Throws<MalformedException>(() => KeyPackage.Open(message, other.Opener));
        Assert.Equal(-1, message.AsSpan().IndexOf(_key.PrivateKey));

        // OpenSSL 3.0 does not find the attributes that RFC 5083 demands beside a content other than id-data: it looks for [2], not [1].
        if (!Cipher(cipher).Authenticated)
        {
            await OpenSslReadsAsync(holder, message);
        }
    }

    [Theory]
    [InlineData("rsa-2048")]
    [InlineData("rsa-4096")]
    [InlineData("ecdsa-p256")]
    [InlineData("ecdsa-p384")]
    [InlineData("ecdsa-p521")]
    public async Task Generated_key_is_of_its_type_and_a_pair(string type)
    {
        Assert.True(KeyType.TryParse(type, out var parsed));
        using var key = GeneratedKey.Create(parsed);
        Assert.Equal(parsed, key.PublicKey.KeyType);
        var path = _folder.Write("key.der", key.PrivateKey);
        var publicHalf = await Tool.RunAsync("openssl", "pkey", "-inform", "DER", "-in", path, "-pubout", "-outform", "DER", "-out", _folder.Path("pub.der"));
        Assert.True(publicHalf.Code == 0, publicHalf.Output);
        Assert.Equal(key.PublicKey.Raw.ToArray(), File.ReadAllBytes(_folder.Path("pub.der")));
        var check = await Tool.RunAsync("openssl", "pkey", "-inform", "DER", "-in", path, "-check", "-noout");
        Assert.Contains("Key is valid", check.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_the_private_key_is_left_after_it_was_disposed_of()
    {
        var key = GeneratedKey.Create(KeyType.EcdsaP256);
        var memory = key.PrivateKey;
        Assert.True(memory.IndexOfAnyExcept((byte)0) >= 0);
        key.Dispose();
        Assert.Equal(-1, memory.IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void Envelope_changed_anywhere_or_cut_short_is_malformed_and_never_opens_to_another_key()
    {
        foreach (var kind in new[] { "rsa-2048", "ecdsa-p256", "kek" })
        {
            using var holder = new Holder(kind, byCertificate: false);
            foreach (var cipher in new[] { "aes256-CBC", "aes256-GCM" })
            {
                var message = KeyPackage.Protect(_key.PrivateKey, _signer, holder.Recipient(), Cipher(cipher), Time);
                for (var at = 0; at < message.Length; at += kind == "kek" ? 1 : 11)
                {
                    var changed = (byte[])message.Clone();
                    changed[at] ^= 0x41;
                    Tolerate(changed, holder.Opener);
                    Assert.Throws<MalformedException>(() => KeyPackage.Open(message.AsMemory(0, at), holder.Opener));
                }
            }
        }
    }

    [Fact]
    public void Random_bytes_are_malformed()
    {
        using var holder = new Holder("kek", byCertificate: false);
        var random = new Random(7030);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(80)];
            random.NextBytes(bytes);
            if (bytes.Length > 2) (bytes[0], bytes[1]) = (0x30, (byte)(bytes.Length - 2));
            Assert.Throws<MalformedException>(() => KeyPackage.Open(bytes, holder.Opener));
        }
    }

    [Fact]
    public void Signed_package_changed_anywhere_never_opens_to_another_key()
    {
        using var package = KeyPackage.Encode(_key.PrivateKey);
        using var signed = _signer.SignSecret(Oids.AsymmetricKeyPackage, package.Span, Time);
        using var holder = new Holder("kek", byCertificate: false);
        for (var at = 0; at < signed.Length; at++)
        {
            var changed = signed.Span.ToArray();
            changed[at] ^= 0x41;
            Tolerate(Envelope.Encrypt(holder.Recipient(), ContentCipher.Aes256Cbc, Oids.SignedData, changed), holder.Opener);
        }
    }

    [Fact]
    public void Whatever_is_signed_and_enveloped_comes_back()
    {
        using var holder = new Holder("kek", byCertificate: false);
        Prop.ForAll<byte[]>(content =>
        {
            foreach (var cipher in ContentCipher.All)
            {
                var message = Envelope.Encrypt(holder.Recipient(), cipher, Oids.Data, content);
                var (type, opened) = EnvelopeReader.Decrypt(message, holder.Opener);
                using (opened)
                {
                    Assert.Equal(Oids.Data, type);
                    Assert.Equal(content, opened.Span.ToArray());
                }
            }
        }).Check(FsCheck.Config.QuickThrowOnFailure);
    }

    [Fact]
    public async Task Authenticated_envelope_of_plain_data_is_read_by_OpenSSL()
    {
        using var holder = new Holder("ecdsa-p256", byCertificate: false);
        var message = Envelope.Encrypt(holder.Recipient(), Cipher("aes256-GCM"), Oids.Data, "hello"u8);
        var (code, output) = await Tool.RunAsync("openssl",
        [
            "cms", "-decrypt", "-inform", "DER", "-in", _folder.Write("e.der", message), "-out", _folder.Path("plain"), .. holder.OpenSslKey(_folder),
        ]);
        Assert.True(code == 0, output);
        Assert.Equal("hello", File.ReadAllText(_folder.Path("plain")));
    }

    [Theory]
    [InlineData("-aes-256-cbc", "rsa_padding_mode:oaep")]
    [InlineData("-aes-128-cbc", "rsa_padding_mode:pkcs1")]
    public async Task Envelope_of_OpenSSL_is_read(string cipher, string padding)
    {
        using var holder = new Holder("rsa-2048", byCertificate: true);
        File.WriteAllText(_folder.Path("plain"), "hello");
        var (code, output) = await Tool.RunAsync(
            "openssl", "cms", "-encrypt", "-binary", "-stream", "-outform", "DER", cipher, "-in", _folder.Path("plain"), "-out", _folder.Path("e.der"),
            "-recip", _folder.Write("c.pem", System.Text.Encoding.ASCII.GetBytes(holder.CertificatePem)), "-keyopt", padding);
        Assert.True(code == 0, output);
        var (_, opened) = EnvelopeReader.Decrypt(File.ReadAllBytes(_folder.Path("e.der")), holder.Opener);
        Assert.Equal("hello"u8.ToArray(), opened.Span.ToArray());
    }

    [Fact]
    public void Keys_that_cannot_receive_are_refused_with_a_reason()
    {
        using var small = RSA.Create(1024);
        var fine = Samples.Rsa;
        Assert.Contains("2048", Samples.Refusal(() => Recipient(small)), StringComparison.Ordinal);
        Assert.Equal("rsa-oaep", Recipient(fine).Kind);
    }

    public void Dispose()
    {
        _key.Dispose();
        _signer.Dispose();
        _certificate.Dispose();
        _folder.Dispose();
    }

    private static EnvelopeRecipient Recipient(RSA key)
        => EnvelopeRecipient.For(PublicKeyInfo.Parse(key.ExportSubjectPublicKeyInfo()), new RecipientId(new byte[] { 1 }), 32);

    private static ContentCipher Cipher(string name) => ContentCipher.All.Single(c => c.Name == name);

    private void Tolerate(byte[] message, EnvelopeKey opener)
    {
        try
        {
            var (opened, _) = KeyPackage.Open(message, opener);
            Assert.True(opened.Span.SequenceEqual(_key.PrivateKey));
            opened.Dispose();
        }
        catch (MalformedException e)
        {
            Assert.DoesNotContain(e.Message, char.IsControl);
        }
    }

    private async Task OpenSslReadsAsync(Holder holder, byte[] message)
    {
        var (code, output) = await Tool.RunAsync("openssl",
        [
            "cms", "-decrypt", "-inform", "DER", "-in", _folder.Write("e.der", message), "-out", _folder.Path("signed.der"), .. holder.OpenSslKey(_folder),
        ]);
        Assert.True(code == 0, output);

        // What is inside is the SignedData itself (RFC 5652 section 6.3); OpenSSL reads it with its ContentInfo around.
        var info = Samples.Der(writer =>
        {
            using var sequence = writer.PushSequence();
            writer.WriteObjectIdentifier(Oids.SignedData);
            using var tagged = writer.PushSequence(new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, 0));
            writer.WriteEncodedValue(File.ReadAllBytes(_folder.Path("signed.der")));
        });
        (code, output) = await Tool.RunAsync(
            "openssl", "cms", "-verify", "-inform", "DER", "-in", _folder.Write("info.der", info), "-out", _folder.Path("package.der"),
            "-CAfile", _folder.Write("ca.pem", System.Text.Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem())), "-purpose", "any", "-attime",
            Time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(code == 0, output);
        var package = File.ReadAllBytes(_folder.Path("package.der"));
        Assert.Equal(_key.PrivateKey.ToArray(), KeyPackage.Decode(package).ToArray());
        (code, output) = await Tool.RunAsync("openssl", "asn1parse", "-inform", "DER", "-in", _folder.Path("package.der"));
        Assert.True(code == 0, output);
    }

    /// <summary>Who gets a key: one of each kind, and another of the same kind, who must not get it.</summary>
    private sealed class Holder : IDisposable
    {
        // Made once: RSA keys take their time.
        private static readonly ConcurrentDictionary<(string Kind, bool Another), X509Certificate2> Certificates = [];

        private readonly X509Certificate2? _certificate;
        private readonly RSA? _rsa;
        private readonly ECDiffieHellman? _ec;
        private readonly Secret? _kek;
        private readonly bool _byCertificate;

        public Holder(string kind, bool byCertificate, bool another = false)
        {
            _byCertificate = byCertificate;
            if (kind == "kek")
            {
                _kek = Secret.Copy(another ? RandomNumberGenerator.GetBytes(32) : KekBytes);
                return;
            }
            _certificate = Certificates.GetOrAdd((kind, another), static key => MessageSignerTests.CertificateFor(key.Kind));
            _rsa = _certificate.GetRSAPrivateKey();
            _ec = _rsa is null ? _certificate.GetECDiffieHellmanPrivateKey() : null;
        }

        public string CertificatePem => _certificate!.ExportCertificatePem();

        public EnvelopeKey Opener => _kek is not null ? new KekEnvelopeKey(_kek) : _rsa is not null ? new RsaEnvelopeKey(_rsa) : new EcEnvelopeKey(_ec!);

        public EnvelopeRecipient Recipient()
        {
            if (_kek is not null)
            {
                return new KekRecipient(KekName, _kek);
            }
            var fields = CertificateFields.Parse(_certificate!.RawData);
            var id = _byCertificate ? new RecipientId(fields) : new RecipientId(fields.PublicKey.KeyIdentifier());
            return EnvelopeRecipient.For(fields.PublicKey, id, 32);
        }

        public string[] OpenSslKey(Scratch folder) => _kek is not null
            ? ["-secretkey", Convert.ToHexString(KekBytes), "-secretkeyid", Convert.ToHexString(KekName)]
            : ["-inkey", folder.Write("holder.pem", System.Text.Encoding.ASCII.GetBytes(((AsymmetricAlgorithm?)_rsa ?? _ec!).ExportPkcs8PrivateKeyPem()))];

        public void Dispose()
        {
            _rsa?.Dispose();
            _ec?.Dispose();
            _kek?.Dispose();
        }
    }
}
