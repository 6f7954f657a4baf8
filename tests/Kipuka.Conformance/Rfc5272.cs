using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Conformance;

/// <summary>RFC 5272 (now RFC 10002) and RFC 7030 section 4.3: messages, signatures and controls, as Bouncy Castle makes and reads them.</summary>
public sealed class Rfc5272(CmcServer server) : IClassFixture<CmcServer>
{
    private const string Identification = "1.3.6.1.5.5.7.7.2";
    private const string DataReturn = "1.3.6.1.5.5.7.7.4";
    private const string TransactionId = "1.3.6.1.5.5.7.7.5";
    private const string SenderNonce = "1.3.6.1.5.5.7.7.6";
    private const string RecipientNonce = "1.3.6.1.5.5.7.7.7";

    /// <summary>"When a server processes a Full PKI Request, a PKI Response MUST be returned" (3.2); "certificates issued ... are returned in the certificates field" (4.2).</summary>
    [Fact]
    [Requirement("RFC 7030", "4.3.2", Level.Must, "A Full PKI Request is answered with a CMC response, with 200 when it was followed.")]
    [Requirement("RFC 5272", "3.2", Level.Must, "A full request is answered with a full response.")]
    [Requirement("RFC 5272", "4.2", Level.Must, "Issued certificates are in the certificates of the signed response.")]
    public async Task A_signed_request_gets_a_signed_response_with_its_certificate()
    {
        var device = await server.DeviceAsync();
        var reply = CmcServer.Done(await server.AskAsync(device, "key k ec", $"pkcs10 1 k CN={device}"));
        Assert.Equal([1u], Assert.Single(reply.Statuses).Parts);
        Assert.Equal($"CN={device}", reply.Issued.Single().Subject);
        Assert.NotEqual(server[device].SerialNumber, reply.Issued.Single().SerialNumber);
        Assert.Null(reply.Control(SenderNonce));
    }

    /// <summary>RFC 5652 and RFC 5754: the ways a SignerInfo may be made.</summary>
    [Theory]
    [InlineData("rsa", "")]
    [InlineData("rsa", "alg=SHA384withRSA")]
    [InlineData("rsa", "alg=SHA256withRSAandMGF1")]
    [InlineData("ec", "alg=SHA512withECDSA")]
    [InlineData("ec384", "alg=SHA384withECDSA")]
    [InlineData("ec", "ski")]
    [InlineData("ec", "direct")]
    [InlineData("ec", "bare")]
    [Requirement("RFC 5652", "5.3", Level.Must, "A signer is named by issuer and serial number or by key identifier, with signed attributes or without.")]
    public async Task Signatures_are_taken_in_every_form(string type, string options)
    {
        using AsymmetricAlgorithm key = type switch
        {
            "rsa" => RSA.Create(2048),
            "ec384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
            _ => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        };
        await server.AddAsync("various", server.Bootstrap.Issue("CN=various", key: key, change: request => request.CertificateExtensions.Add(
            new X509SubjectKeyIdentifierExtension(request.PublicKey, false))));
        var message = await server.Peer.MakeAsync("key k ec", "pkcs10 1 k CN=any-way", $"sign various {options}");
        CmcServer.Done(await server.SendAsync(message, "various"));
        CmcServer.Done(await server.SendAsync(
            await server.Peer.MakeAsync("definite", "key k ec", "pkcs10 1 k CN=any-way", $"sign various {options}"), "various"));
    }

    /// <summary>CMCFailInfo badAlg: "unrecognized or unsupported algorithm" (6.1.4).</summary>
    [Fact]
    [Requirement("RFC 5272", "6.1.4", Level.Must, "A weak algorithm is badAlg, a failed proof of possession popFailed, a missing one popRequired.")]
    public async Task A_weak_signature_is_badAlg()
    {
        var message = await server.Peer.MakeAsync("key k ec", "pkcs10 1 k CN=weak", "sign factory alg=SHA1withECDSA");
        CmcServer.Refused(await server.SendAsync(message, "factory"), HttpStatusCode.BadRequest, 0, 0);
    }

    /// <summary>"the signature(s) MUST be verified. If the signature does not verify ... badMessageCheck and a bodyPartID of 0" (3.2.1.3.4).</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" direct")]
    [Requirement("RFC 7030", "4.3.2", Level.Must, "A Full PKI Request that is refused has a status of 400 or above and a CMC response in the body.")]
    [Requirement("RFC 5272", "3.2.1.3.4", Level.Must, "Every signature is verified; a wrong one is badMessageCheck for body part 0.")]
    public async Task A_changed_message_is_badMessageCheck(string options)
    {
        string[] lines = ["key k ec", "pkcs10 1 k CN=changed", $"octets 2 {SenderNonce} 7777777777"];
        CmcServer.Refused(
            await server.SendAsync(await server.Peer.MakeAsync([.. lines, "tamper", $"sign factory{options}"]), "factory"), HttpStatusCode.BadRequest, 1, 0);
        CmcServer.Done(await server.SendAsync(await server.Peer.MakeAsync([.. lines, $"sign factory{options}"]), "factory"));
    }

    /// <summary>All signatures, not the first (3.2.1.3.4): "the signature(s) MUST be verified".</summary>
    [Fact]
    [Requirement("RFC 5272", "3.2.1.3.4", Level.Must, "Every signature is verified; a wrong one is badMessageCheck for body part 0.")]
    public async Task Every_one_of_several_signers_must_be_acceptable()
    {
        string[] lines = ["key k ec", "pkcs10 1 k CN=two-signers"];
        CmcServer.Done(await server.SendAsync(await server.Peer.MakeAsync([.. lines, "sign factory", "sign ra"]), "factory"));
        CmcServer.Refused(
            await server.SendAsync(await server.Peer.MakeAsync([.. lines, "sign factory", "sign stranger"]), "factory"), HttpStatusCode.Unauthorized, 7, 0);
    }

    /// <summary>"The value of the subjectKeyIdentifier form of SignerInfo MUST be the Subject Key Identifier specified in the corresponding certification request" (3.2).</summary>
    [Fact]
    [Requirement("RFC 5272", "3.2", Level.Must, "Who signs with a request's own key is named by the key identifier in that request, and signs alone.")]
    public async Task A_message_signed_with_a_requests_own_key_is_the_TLS_clients()
    {
        var device = await server.DeviceAsync();
        var own = await server.Peer.MakeAsync("key k ec", $"pkcs10 1 k CN={device} ski", "sign - bykey=k");
        CmcServer.Done(await server.SendAsync(own, device));
        var other = await server.Peer.MakeAsync("key k ec", "pkcs10 1 k CN=somebody-else ski", "sign - bykey=k");
        CmcServer.Refused(await server.SendAsync(other, device), HttpStatusCode.Forbidden, 7, 1);
        var unnamed = await server.Peer.MakeAsync("key k ec", $"pkcs10 1 k CN={device}", "sign - bykey=k");
        CmcServer.Refused(await server.SendAsync(unnamed, device), HttpStatusCode.BadRequest, 1, 0);
        // "If the request key is used for signing, there MUST be only one SignerInfo" (3.2).
        var two = await server.Peer.MakeAsync("key k ec", $"pkcs10 1 k CN={device} ski", "sign - bykey=k", $"sign {device}");
        CmcServer.Refused(await server.SendAsync(two, device), HttpStatusCode.BadRequest, 2, 0);
    }

    /// <summary>"the response MUST include the transmitted value ... as a Recipient Nonce control and include a new value as its Sender Nonce control" (6.6).</summary>
    [Fact]
    [Requirement("RFC 5272", "6.6", Level.Must, "Transaction and nonce come back, with a new nonce of the server's.")]
    public async Task Nonces_and_the_transaction_come_back()
    {
        string[] lines = [$"octets 2 {SenderNonce} 0011223344556677", $"integer 3 {TransactionId} 123456789012345678901234567890"];
        var first = CmcServer.Done(await server.AskAsync("factory", lines), 0);
        var second = CmcServer.Done(await server.AskAsync("factory", lines), 0);
        Assert.Equal("0011223344556677", first.Control(RecipientNonce));
        Assert.Equal("020d018ee90ff6c373e0ee4e3f0ad2", first.Control(TransactionId));
        Assert.Equal(32, first.Control(SenderNonce)!.Length);
        Assert.NotEqual(first.Control(SenderNonce), second.Control(SenderNonce));
    }

    /// <summary>"If the Data Return control appears in a Full PKI Request, the server MUST return it" (6.4).</summary>
    [Fact]
    [Requirement("RFC 5272", "6.4", Level.Must, "Data to be returned is returned.")]
    public async Task Data_to_be_returned_is_returned_also_with_a_failure()
    {
        string[] lines = [$"octets 2 {DataReturn} cafe", $"octets 3 {DataReturn} beef"];
        var (_, reply) = await server.AskAsync("factory", lines);
        Assert.Equal(["cafe", "beef"], reply.Controls.Where(control => control.Oid == DataReturn).Select(control => control.Hex));
        var (answer, failed) = await server.AskAsync("factory", [.. lines, "octets 9 1.2.3.4 00"]);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(2, failed.Controls.Count(control => control.Oid == DataReturn));
    }

    /// <summary>"The final server MUST fail the processing of an entire PKIData if any included control is not recognized ... badRequest and the bodyList MUST contain the bodyPartID" (3.2.1.1).</summary>
    [Theory]
    [InlineData("octets 9 1.2.3.4 00", 2)]
    [InlineData("octets 9 1.3.6.1.5.5.7.7.3 00", 7)] // identityProof: MUST be badIdentity when it cannot be verified (6.2.1)
    [InlineData("octets 9 1.3.6.1.5.5.7.7.22 00", 9)] // popLinkRandom (6.3.1)
    [InlineData("der 9 1.3.6.1.5.5.7.7.8 3000", 2)] // addExtensions
    [InlineData("der 9 1.3.6.1.5.5.7.7.31 3000", 2)] // modCertTemplate
    [InlineData("der 9 1.3.6.1.5.5.7.7.28 3003020105", 2)] // batchRequests
    [InlineData("octets 9 1.3.6.1.5.5.7.7.5 00", 2)] // a transactionId that is no INTEGER
    [InlineData("der 9 1.3.6.1.5.5.7.7.6 0400 040101", 2)] // a senderNonce of two values
    [InlineData("octets 9 1.3.6.1.5.5.7.7.19 00", 2)] // responseInfo, which only responses have
    [Requirement("RFC 5272", "3.2.1.1", Level.Must, "A control that is not recognized fails the whole message with badRequest and names its body part.")]
    [Requirement("RFC 5272", "6.2.1", Level.Must, "A proof of identity that cannot be checked is badIdentity.")]
    public async Task A_control_that_is_not_understood_fails_the_whole_message(string control, int failure)
    {
        string[] lines = ["key k ec", "pkcs10 1 k CN=with-control"];
        var got = await server.AskAsync("factory", [.. lines, control]);
        CmcServer.Refused(got, HttpStatusCode.BadRequest, failure, 9);
        Assert.Equal([9u], Assert.Single(got.Reply.Statuses).Parts);
        CmcServer.Done(await server.AskAsync("factory", lines));
    }

    /// <summary>"The appropriate processing is to complete processing at this time, to ignore the control, ..." (3.2.1).</summary>
    [Fact]
    public async Task Controls_that_change_nothing_are_passed_over()
        => CmcServer.Done(await server.AskAsync(
            "factory", "key k ec", "pkcs10 1 k CN=noted", $"text 2 {Identification} me", "octets 3 1.3.6.1.5.5.7.7.18 00", $"octets 4 {RecipientNonce} 00"));

    /// <summary>"the requested operation is not supported" (6.1.3); getCRL and publishCert are optional, queryPending is the same request again.</summary>
    [Theory]
    [InlineData("16")]
    [InlineData("21")]
    [InlineData("30")]
    public async Task What_is_not_served_is_noSupport_and_hinders_nothing_else(string control)
    {
        string line = $"octets 9 1.3.6.1.5.5.7.7.{control} 00";
        var (answer, reply) = await server.AskAsync("factory", "key k ec", "pkcs10 1 k CN=beside", line);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal((4, 0), (reply.Of(9).Status, reply.Of(1).Status));
        Assert.Single(reply.Issued);
        (answer, reply) = await server.AskAsync("factory", line);
        Assert.Equal((HttpStatusCode.BadRequest, 4), (answer.Status, reply.Of(9).Status));
    }

    /// <summary>"The body part identifier MUST be unique within a single PKIData"; "0 is reserved" (3.2.2).</summary>
    [Theory]
    [InlineData("1", "1", false)]
    [InlineData("0", "1", false)]
    [InlineData("4294967295", "1", true)]
    [Requirement("RFC 5272", "3.2.2", Level.Must, "Body part identifiers are unique and not 0.")]
    public async Task Body_part_identifiers_are_unique_and_not_zero(string first, string second, bool fine)
    {
        var message = await server.Peer.MakeAsync("key k ec", $"pkcs10 {first} k CN=a-part", $"pkcs10 {second} k CN=b-part", "sign factory");
        if (fine)
        {
            CmcServer.Done(await server.SendAsync(message, "factory"), 2);
            return;
        }
        var answer = await server.PostAsync(message, "factory");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("RFC 5272 3.2.2", answer.Text, StringComparison.Ordinal);
    }

    /// <summary>"a CMCStatus of noSupport MUST be returned for the certification request item and no other certification requests are processed" (3.2.1).</summary>
    [Fact]
    [Requirement("RFC 5272", "3.2.1", Level.Must, "A request of an unknown kind is noSupport, and then no other is processed.")]
    public async Task A_request_of_an_unknown_kind_stops_all_requests()
    {
        var (answer, reply) = await server.AskAsync("factory", "key k ec", "pkcs10 1 k CN=stopped", "orm 2");
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal((4, 2), (reply.Of(2).Status, reply.Of(1).Status));
        Assert.Empty(reply.Issued);
    }

    /// <summary>"No processing is required for cmsSequence or otherMsgSequence members of PKIData if they are present and are not referenced by a control" (3.2.1).</summary>
    [Fact]
    [Requirement("RFC 5272", "3.2.1", Level.Must, "Objects that no control refers to are passed over.")]
    public async Task Objects_that_no_control_refers_to_are_passed_over()
        => CmcServer.Done(await server.AskAsync("factory", "key k ec", "pkcs10 1 k CN=objects", "object 5", "other 6"));

    [Fact]
    public async Task Each_request_of_a_message_stands_for_itself()
    {
        var (answer, reply) = await server.AskAsync(
            "factory", "key a ec", "key b ec", "key c ec384", "pkcs10 1 a CN=good-1", "pkcs10 2 a CN=wrong-key signer=b", "pkcs10 3 b CN=good-2",
            "pkcs10 4 c CN=wrong-type", "pkcs10 5 a CN=wants-ca ca");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["CN=good-1", "CN=good-2"], reply.Issued.Select(one => one.Subject));
        Assert.Equal(0, reply.Of(1).Status);
        Assert.Equal(0, reply.Of(3).Status);
        Assert.Equal((2, 9), (reply.Of(2).Status, reply.Of(2).Failure!.Value));
        Assert.Equal((2, 0), (reply.Of(4).Status, reply.Of(4).Failure!.Value));
        Assert.Equal((2, 5), (reply.Of(5).Status, reply.Of(5).Failure!.Value));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public async Task A_message_has_at_most_100_requests(int number, bool fine)
    {
        var message = await server.Peer.MakeAsync(["key k ec", .. Enumerable.Range(1, number).Select(part => $"pkcs10 {part} k CN=many-{part}"), "sign ra"]);
        if (fine)
        {
            CmcServer.Done(await server.SendAsync(message, "ra"), number);
            return;
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync(message, "ra")).Status);
    }

    [Theory]
    [InlineData(30_000, true)]
    [InlineData(70_000, false)]
    public async Task A_message_is_no_larger_than_max_message_size(int bytes, bool fine)
    {
        var padding = Enumerable.Range(2, 5).Select(part => $"octets {part} {DataReturn} {new string('0', bytes / 5 * 2)}");
        var message = await server.Peer.MakeAsync([.. padding, "sign factory"]);
        Assert.Equal(fine ? HttpStatusCode.OK : HttpStatusCode.RequestEntityTooLarge, (await server.PostAsync(message, "factory")).Status);
    }

    /// <summary>"When rejecting a request ... a CMC response with content-type application/pkcs7-mime MUST be included" needs a PKIData to answer to: what is none is answered in words.</summary>
    [Theory]
    [InlineData("type 1.2.840.113549.1.7.1")]
    [InlineData("content 3000")]
    [InlineData("content 04020000")]
    [Requirement("RFC 7030", "4.3.1", Level.Must, "What is no Full PKI Request is refused at /fullcmc.")]
    public async Task What_is_no_PKIData_is_a_plain_400(string line)
    {
        var answer = await server.PostAsync(await server.Peer.MakeAsync(line, "sign factory"), "factory");
        Assert.Equal((HttpStatusCode.BadRequest, "text/plain"), (answer.Status, answer.ContentHeaders.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync([0x30, 0x03, 0x02, 0x01, 0x00], "factory")).Status);
    }

    /// <summary>Ruling 44: a repeat gets the same certificate.</summary>
    [Fact]
    public async Task The_same_message_again_gets_the_same_certificates()
    {
        var message = await server.Peer.MakeAsync("key k ec", "pkcs10 1 k CN=again-1", "crmf 2 k CN=again-2", "sign factory");
        var first = CmcServer.Done(await server.SendAsync(message, "factory"), 2);
        var second = CmcServer.Done(await server.SendAsync(message, "factory"), 2);
        Assert.Equal(first.Issued.Select(one => one.SerialNumber), second.Issued.Select(one => one.SerialNumber));
    }
}
