using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.AuthMtls;

/// <summary>What a client's own certificate must be, before its chain is looked at. Every rule answers with a reason, or null.</summary>
internal static class LeafRules
{
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public static string? Refusal(X509Certificate2 leaf, DateTimeOffset now, TimeSpan grace, bool requireClientAuth)
    {
        if (Time(leaf, now, grace) is { } untimely)
        {
            return untimely;
        }
        if (IsAuthority(leaf))
        {
            return "a CA certificate is no client certificate";
        }
        var usage = leaf.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault();
        if (usage is not null && !usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature))
        {
            return "the client certificate's key may not sign (keyUsage)";
        }
        return requireClientAuth && !HasClientAuth(leaf) ? "the client certificate is not meant for client authentication (extKeyUsage)" : null;
    }

    public static bool IsAuthority(X509Certificate2 certificate)
        => certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);

    // RFC 5280 section 4.1.2.5: the last second belongs to the validity. Grace lengthens the end, never the beginning.
    private static string? Time(X509Certificate2 leaf, DateTimeOffset now, TimeSpan grace)
    {
        if (now.UtcDateTime < leaf.NotBefore.ToUniversalTime())
        {
            return "the client certificate is not valid yet";
        }
        var over = now.UtcDateTime - leaf.NotAfter.ToUniversalTime();
        return over > TimeSpan.Zero && over > grace ? "the client certificate has expired" : null;
    }

    private static bool HasClientAuth(X509Certificate2 leaf)
        => leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>()
            .Any(usage => usage.EnhancedKeyUsages[ClientAuth] is not null);
}
