using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Policy;
using Kipuka.Sdk;

namespace Kipuka.Admin;

/// <summary>Who may use the admin API (rulings 3 and 4): what a generation's <c>[admin]</c> says, made ready.</summary>
internal sealed class AdminAccess : IDisposable
{
    private readonly AdminConfig _config;
    private readonly List<(byte[] Hash, string Name)> _tokens = [];
    private readonly X509Certificate2Collection _anchors = [];
    private readonly TimeProvider _clock;

    /// <param name="config">Null or not enabled: nobody may.</param>
    /// <param name="clock">Judges the certificates' validity.</param>
    public AdminAccess(AdminConfig? config, TimeProvider clock)
    {
        _config = config ?? new AdminConfig { Enabled = false };
        _clock = clock;
        AddTokens();
        foreach (var file in _config.TrustAnchors ?? [])
        {
            foreach (var der in Pem.ReadCertificates(file.Bytes, file.Path))
            {
                _anchors.Add(X509CertificateLoader.LoadCertificate(der.Span));
            }
        }
    }

    public bool IsEnabled => _config.Enabled;

    /// <summary>Whether tokens are a way in.</summary>
    public bool TakesTokens => _tokens.Count > 0 && _config.Auth is ("bearer" or "both");

    public IEnumerable<X509Certificate2> Anchors => _anchors;

    /// <summary>Whether nobody comes in without a certificate, whatever else they have.</summary>
    public bool NeedsCertificate => _config.Mode == "required";

    /// <summary>Whether client certificates are a way in.</summary>
    public bool TakesCertificates => _anchors.Count > 0 && _config.Auth is ("mtls" or "both") && _config.Mode != "none";

    /// <summary>Proves an operator; null when what is presented does not suffice.</summary>
    public Identity? Authenticate(string? token, X509Certificate2? certificate)
    {
        var byToken = token is not null && TakesTokens ? FindToken(token) : null;
        var byCertificate = certificate is not null && TakesCertificates ? Judge(certificate) : null;
        if (NeedsCertificate)
        {
            // A certificate always; a token in addition, where tokens are configured.
            return TakesTokens && byToken is null ? null : byCertificate;
        }
        return byCertificate ?? byToken;
    }

    public void Dispose()
    {
        foreach (var anchor in _anchors)
        {
            anchor.Dispose();
        }
    }

    private void AddTokens()
    {
        foreach (var token in _config.Tokens)
        {
            _tokens.Add((Convert.FromHexString(token.TokenHash["sha256:".Length..]), token.Description));
        }
        if (_config.BearerToken is { } secret)
        {
            _tokens.Add((SHA256.HashData(secret.Reveal()), _config.BearerTokenEnv ?? "bearer_token"));
        }
    }

    // All tokens are compared, each in constant time: how long it takes says nothing about which one was nearly right.
    private Identity? FindToken(string token)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Identity? found = null;
        foreach (var (known, name) in _tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, known))
            {
                found = new Identity("bearer", Convert.ToHexStringLower(known)[..16], name.Length > 0 ? name : "token");
            }
        }
        return found;
    }

    private Identity? Judge(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_anchors);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // Nothing a client sends may make us connect anywhere.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = _clock.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(Oids.ClientAuth));
        if (!chain.Build(certificate))
        {
            return null;
        }
        var fields = CertificateFields.Parse(certificate.RawData);
        var subject = fields.Subject.Text;
        // Ruling 4: the usage must be there; absent would mean any.
        var fits = fields.ExtKeyUsages?.Contains(Oids.ClientAuth) == true && !fields.IsCa
            && (_config.Subjects.Count == 0 || _config.Subjects.Any(glob => Glob.Matches(glob, subject)));
        return fits ? new Identity("mtls", fields.FingerprintSha256, subject) { Certificate = fields.Raw } : null;
    }
}
