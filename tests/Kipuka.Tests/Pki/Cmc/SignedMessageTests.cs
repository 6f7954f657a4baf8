using FsCheck;
using FsCheck.Fluent;
using Kipuka.Pki;
using Kipuka.Pki.Cmc;

namespace Kipuka.Tests.Pki.Cmc;

/// <summary>SignedData (RFC 5652) as Bouncy Castle writes it, and as nobody should.</summary>
public sealed class SignedMessageTests
{
    public static TheoryData<string> Files => new(
        "full", "two-signers", "rsa", "direct", "sha1", "own-key", "no-signature", "unsigned", "crmf-ra", "crmf-none", "crmf-encipher", "crmf-regtoken");

    [Theory]
    [InlineData("full", 1)]
    [InlineData("rsa", 1)]
    [InlineData("direct", 1)]
    [InlineData("two-signers", 2)]
    public void Every_signature_holds_and_names_its_certificate(string file, int number)
    {
        var message = Read(file);
        Assert.Equal(CmcOids.PkiData, message.ContentType);
        Assert.Equal(number, message.Signatures.Count);
        Assert.All(message.Signatures, signature => Assert.Null(signature.Check(message, Key(message, signature))));
    }

    [Theory]
    [InlineData("full")]
    [InlineData("direct")]
    [InlineData("two-signers")]
    public void A_changed_content_is_badMessageCheck_for_every_signature(string file)
    {
        var bytes = Samples.File($"cmc/{file}.der");
        var at = bytes.AsSpan().IndexOf(Read(file).Content.Span);
        for (var index = at; index < at + Read(file).Content.Length; index += 7)
        {
            bytes[index] ^= 1;
            var changed = SignedMessage.Parse(bytes.ToArray());
            Assert.All(changed.Signatures, signature => Assert.Equal(CmcFailure.BadMessageCheck, signature.Check(changed, Key(changed, signature))!.Value.Failure));
            bytes[index] ^= 1;
        }
    }

    [Fact]
    public void Another_key_is_badMessageCheck_and_a_weak_digest_badAlg()
    {
        var message = Read("full");
        Assert.Equal(CmcFailure.BadMessageCheck, message.Signatures[0].Check(message, Read("rsa").Certificates[0].PublicKey)!.Value.Failure);
        var weak = Read("sha1");
        Assert.Equal(CmcFailure.BadAlg, weak.Signatures[0].Check(weak, Key(weak, weak.Signatures[0]))!.Value.Failure);
    }

    [Fact]
    public void Messages_without_a_certificate_or_a_signature_say_so()
    {
        Assert.Empty(Read("unsigned").Signatures);
        Assert.True(Assert.Single(Read("no-signature").Signatures).IsNone);
        var own = Read("own-key");
        Assert.Empty(own.Certificates);
        var request = CertificationRequest.Parse(PkiData.Parse(own.Content).Requests[0].Value);
        Assert.True(own.Signatures[0].Signer.IsKey(request.Requested.SubjectKeyIdentifier));
        Assert.Null(own.Signatures[0].Check(own, request.PublicKey));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_message_cut_short_anywhere_is_malformed(string file)
    {
        var bytes = Samples.File($"cmc/{file}.der");
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<MalformedException>(() => SignedMessage.Parse(bytes.AsMemory(0, length)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_message_with_any_byte_changed_throws_nothing_but_malformed(string file)
    {
        // Every third byte, each change at every fourth of them: checking signatures is what takes long.
        byte[] changes = [0x01, 0x20, 0x80, 0xFF];
        var bytes = Samples.File($"cmc/{file}.der");
        for (var index = 0; index < bytes.Length; index += 3)
        {
            var changed = bytes.ToArray();
            changed[index] ^= changes[index % changes.Length];
            ReadAll(changed);
        }
    }

    [Fact]
    public void Random_bytes_throw_nothing_but_malformed()
        => Prop.ForAll<byte[]>(bytes => ReadAll(bytes)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_bare_certs_only_message_is_no_request()
        => Assert.Contains("no content", Samples.Refusal(() => SignedMessage.Parse(Samples.File("rfc7030/A.3-simpleenroll-response.der"))), StringComparison.Ordinal);

    internal static SignedMessage Read(string file) => SignedMessage.Parse(Samples.File($"cmc/{file}.der"));

    // Everything that a server does with a message before it trusts anybody.
    private static bool ReadAll(byte[] bytes)
    {
        try
        {
            var message = SignedMessage.Parse(bytes);
            foreach (var signature in message.Signatures)
            {
                if (message.Certificates.FirstOrDefault(signature.Signer.Names) is { } certificate) signature.Check(message, certificate.PublicKey);
            }
            var data = PkiData.Parse(message.Content);
            RequestOrders.Read(data);
            foreach (var request in data.Requests)
            {
                if (request.Kind == TaggedRequestKind.Crmf) CertificateMessage.Parse(request.Value, DateTimeOffset.UnixEpoch).VerifySignature();
                if (request.Kind == TaggedRequestKind.Pkcs10) CertificationRequest.Parse(request.Value).VerifySignature();
            }
        }
        catch (MalformedException refused)
        {
            Assert.DoesNotContain('\n', refused.Message);
        }
        return true;
    }

    private static PublicKeyInfo Key(SignedMessage message, MessageSignature signature) => message.Certificates.Single(signature.Signer.Names).PublicKey;
}
