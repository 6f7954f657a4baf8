namespace Kipuka.Conformance;

/// <summary>A server with two CAs, anchors for bootstrap certificates, and a label for every rule.</summary>
public sealed class LabelServer : EstServer
{
    private const string Labels = """
        [enrollment]
        allowed_key_types = ["ecdsa-p256", "ecdsa-p384", "ecdsa-p521"]
        max_validity_days = 100
        [[est.label]]
        name = "plain"
        ca_id = "default"
        [[est.label]]
        name = "rsa"
        ca_id = "default"
        allowed_key_types = ["RSA 2048"]
        allowed_signature_algorithms = ["sha256WithRSAEncryption"]
        require_san = false
        [[est.label]]
        name = "p384"
        ca_id = "default"
        allowed_key_types = ["ec_p384"]
        require_san = false
        [[est.label]]
        name = "pattern"
        ca_id = "default"
        require_san = false
        subject_pattern = "^CN=dev-[a-z]+,O=Acme$"
        [[est.label]]
        name = "bomb"
        ca_id = "default"
        require_san = false
        subject_pattern = "^CN=(((a+)+)+)+$"
        [[est.label]]
        name = "usage"
        ca_id = "default"
        require_san = false
        required_ext_key_usage = ["clientAuth"]
        allowed_ext_key_usage = ["emailProtection", "1.3.6.1.5.5.7.3.9"]
        [[est.label]]
        name = "reject"
        ca_id = "default"
        require_san = false
        max_validity_days = 10
        validity_policy = "reject"
        [[est.label]]
        name = "clamp"
        ca_id = "default"
        require_san = false
        max_validity_days = 10
        [[est.label]]
        name = "wild"
        ca_id = "default"
        allow_wildcards = true
        [[est.label]]
        name = "cabf"
        ca_id = "default"
        profile_rules = "cabf"
        [[est.label]]
        name = "second"
        ca_id = "second"
        require_san = false
        max_validity_days = 30000
        [[est.label]]
        name = "linked"
        ca_id = "default"
        require_san = false
        link_identity = true
        [[est.label]]
        name = "ours-only"
        ca_id = "default"
        bootstrap = false
        accept_labels = ["plain"]
        [[est.label]]
        name = "free"
        ca_id = "default"
        link_identity = false
        [[est.label]]
        name = "renew-loose"
        ca_id = "default"
        renew_from = ["plain"]
        renew_foreign = true
        allow_subject_change = true
        [[est.label]]
        name = "slept"
        ca_id = "default"
        expired_grace_days = 1
        [[est.label]]
        name = "slept-foreign"
        ca_id = "default"
        renew_foreign = true
        expired_grace_days = 1
        [[est.label]]
        name = "change"
        ca_id = "default"
        renew_from = ["plain"]
        allow_subject_change = true
        subject_pattern = "^CN=(before|after[a-z]*)$"
        [[est.label]]
        name = "mtls-only"
        ca_id = "default"
        auth = ["mtls"]
        [[est.label]]
        name = "otp-only"
        ca_id = "default"
        auth = ["otp"]
        [[est.label]]
        name = "own-anchors"
        ca_id = "default"
        trust_anchors = ["other.pem"]
        """;

    /// <summary>Issues from the second CA of the server.</summary>
    public TestAuthority Second { get; } = new("Second CA");

    /// <summary>Certificates of this one are accepted everywhere.</summary>
    public TestAuthority Bootstrap { get; } = new("Manufacturer CA");

    /// <summary>Certificates of this one are accepted at the label own-anchors only.</summary>
    public TestAuthority Other { get; } = new("Other CA");

    protected override ServerSetup Setup => new()
    {
        ClientAuth = "[tls.client_auth]\nmode = \"optional\"\ntrust_anchors = [\"ca.pem\", \"second.pem\", \"bootstrap.pem\"]\n",
        Files = new Dictionary<string, string>
        {
            ["second.pem"] = Second.CertificatePem,
            ["second-key.pem"] = Second.KeyPem,
            ["bootstrap.pem"] = Bootstrap.CertificatePem,
            ["other.pem"] = Other.CertificatePem,
        },
        More = $"""
            {Labels}
            [[ca]]
            id = "second"
            cert = "second.pem"
            key = "second-key.pem"
            validity_days = 20000
            max_validity_days = 20000
            allowed_subjects = ["CN=ok-*", "CN=fine?"]
            """,
    };
}
