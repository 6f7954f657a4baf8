using System.Formats.Asn1;
using Kipuka.Pki;

namespace Kipuka.Tests.Pki;

public class SignatureAlgorithmsTests
{
    private static readonly byte[] Null = [0x05, 0x00];

    [Theory]
    [InlineData(Oids.Sha256WithRsa, "sha256WithRSAEncryption", "sha256")]
    [InlineData(Oids.Sha512WithRsa, "sha512WithRSAEncryption", "sha512")]
    [InlineData(Oids.EcdsaWithSha384, "ecdsa-with-SHA384", "sha384")]
    [InlineData(Oids.MlDsa65, "ml-dsa-65", null)]
    public void Algorithm_has_a_name_and_a_hash(string oid, string name, string? hash)
    {
        var algorithm = SignatureAlgorithms.Parse(Id(oid));
        Assert.Equal((name, hash), (algorithm.Name, algorithm.Hash));
        Assert.True(algorithm.Matches(name));
        Assert.Equal(hash is not null, algorithm.Matches(hash ?? "sha256"));
        Assert.False(algorithm.Matches("sha224"));
    }

    [Theory]
    [InlineData("sha256", true)]
    [InlineData("SHA-384", true)]
    [InlineData("ecdsa-with-SHA256", true)]
    [InlineData("RSASSA-PSS-SHA512", true)]
    [InlineData("sha1", false)]
    [InlineData("md5WithRSAEncryption", false)]
    [InlineData("", false)]
    public void Configured_name_is_known(string name, bool known) => Assert.Equal(known, SignatureAlgorithms.IsKnown(name));

    [Theory]
    [InlineData("1.2.840.113549.1.1.4", "md5WithRSAEncryption")]
    [InlineData("1.2.840.113549.1.1.5", "sha1WithRSAEncryption")]
    [InlineData("1.2.840.10045.4.1", "ecdsa-with-SHA1")]
    public void Weak_algorithm_is_refused_by_name(string oid, string name) =>
        Assert.Equal($"the signature algorithm {name} is too weak", Refusal(Id(oid, Null)));

    [Fact]
    public void Unknown_algorithm_is_refused_by_OID() => Assert.Equal("the signature algorithm 1.2.3.4 is unknown", Refusal(Id("1.2.3.4")));

    [Fact]
    public void Parameters_are_NULL_or_absent_for_RSA_and_absent_for_others() // RFC 4055 5, RFC 5758 3.2, RFC 9881 2
    {
        Assert.Equal("sha256WithRSAEncryption", SignatureAlgorithms.Parse(Id(Oids.Sha256WithRsa, Null)).Name);
        Assert.Equal("sha256WithRSAEncryption", SignatureAlgorithms.Parse(Id(Oids.Sha256WithRsa)).Name);
        Assert.Equal("the signature algorithm sha256WithRSAEncryption has wrong parameters", Refusal(Id(Oids.Sha256WithRsa, [0x30, 0x00])));
        Assert.Equal("the signature algorithm ecdsa-with-SHA256 has wrong parameters", Refusal(Id(Oids.EcdsaWithSha256, Null)));
        Assert.Equal("the signature algorithm ml-dsa-65 has wrong parameters", Refusal(Id(Oids.MlDsa65, Null)));
    }

    [Theory]
    [InlineData(Oids.Sha256, Oids.Sha256, 32, null)]
    [InlineData(Oids.Sha512, Oids.Sha512, 64, null)]
    [InlineData(Oids.Sha256, Oids.Sha512, 32, "RSASSA-PSS must use the same hash for the mask as for the message")]
    [InlineData(Oids.Sha256, Oids.Sha256, 20, "RSASSA-PSS must have a salt as long as its hash, 32 bytes")]
    [InlineData(Oids.Sha256, Oids.Sha256, null, "RSASSA-PSS must have a salt as long as its hash, 32 bytes")]
    [InlineData("1.3.14.3.2.26", "1.3.14.3.2.26", 20, "RSASSA-PSS is accepted with SHA-256, SHA-384 or SHA-512 only")]
    [InlineData(null, Oids.Sha256, 32, "RSASSA-PSS is accepted with SHA-256, SHA-384 or SHA-512 only")]
    [InlineData(Oids.Sha256, null, 32, "RSASSA-PSS must use the same hash for the mask as for the message")]
    public void PSS_parameters_name_one_hash_and_its_salt(string? hash, string? mask, int? salt, string? reason) // RFC 4055 3.1
    {
        var id = Id(Oids.RsaSsaPss, Pss(hash, mask, salt));
        if (reason is null) Assert.True(SignatureAlgorithms.Parse(id).Pss);
        else Assert.Equal(reason, Refusal(id));
    }

    [Fact]
    public void PSS_without_parameters_or_with_a_spelt_trailer_is_refused()
    {
        Assert.Equal("RSASSA-PSS has no parameters, which would mean SHA-1", Refusal(Id(Oids.RsaSsaPss)));
        var trailer = Pss(Oids.Sha256, Oids.Sha256, 32, trailer: true);
        Assert.Equal("malformed DER in the RSASSA-PSS parameters", Refusal(Id(Oids.RsaSsaPss, trailer)));
    }

    private static byte[] Pss(string? hash, string? mask, int? salt, bool trailer = false) => Samples.Der(w =>
    {
        using var parameters = w.PushSequence();
        if (hash is not null) Tagged(w, 0, () => Algorithm(w, hash, Null));
        if (mask is not null) Tagged(w, 1, () => Algorithm(w, Oids.Mgf1, Samples.Der(m => Algorithm(m, mask, null))));
        if (salt is { } length) Tagged(w, 2, () => w.WriteInteger(length));
        if (trailer) Tagged(w, 3, () => w.WriteInteger(1));
    });

    private static void Tagged(AsnWriter writer, int number, Action write)
    {
        using var tagged = writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number));
        write();
    }

    private static void Algorithm(AsnWriter writer, string oid, byte[]? parameters)
    {
        using var algorithm = writer.PushSequence();
        writer.WriteObjectIdentifier(oid);
        if (parameters is not null) writer.WriteEncodedValue(parameters);
    }

    private static AlgorithmIdentifier Id(string oid, byte[]? parameters = null) =>
        AlgorithmIdentifier.Parse(Samples.Der(w => Algorithm(w, oid, parameters)), "the algorithm");

    private static string Refusal(AlgorithmIdentifier id) => Samples.Refusal(() => SignatureAlgorithms.Parse(id));
}
