using System.Net.Security;
using Kipuka.Sdk;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>The cipher suites that <c>cipher_suites</c> means.</summary>
internal static class CipherSuites
{
    private static readonly TlsCipherSuite[] Defaults =
    [
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ];

    // No authentication, no encryption, or encryption that is broken.
    private static readonly string[] Refused = ["_NULL", "_anon_", "EXPORT", "RC4", "RC2", "DES", "MD5", "IDEA", "SCSV"];

    public static IEnumerable<SettingsProblem> Check(IReadOnlyList<string>? names)
    {
        foreach (var name in names ?? [])
        {
            if (!TryParse(name, out _))
            {
                yield return new("cipher_suites", $"\"{name}\" is not the IANA name of a cipher suite; the nearest is \"{Nearest(name)}\"");
            }
            else if (Array.Exists(Refused, word => name.Contains(word, StringComparison.Ordinal)))
            {
                yield return new("cipher_suites", $"\"{name}\" does not protect a connection; remove it");
            }
        }
    }

    /// <summary>The suites in the configured order, completed with those of TLS 1.3 when none of them is named.</summary>
    public static TlsCipherSuite[] Resolve(IReadOnlyList<string>? names)
    {
        var suites = new List<TlsCipherSuite>();
        foreach (var name in names ?? [])
        {
            suites.Add(TryParse(name, out var suite) ? suite : throw new InvalidOperationException($"cipher_suites: \"{name}\" is unknown"));
        }
        if (suites.Count == 0)
        {
            suites.AddRange(Defaults);
        }
        if (!suites.Exists(IsTls13))
        {
            var chaCha = suites.Exists(suite => suite.ToString().Contains("CHACHA20", StringComparison.Ordinal));
            suites.Add(TlsCipherSuite.TLS_AES_256_GCM_SHA384);
            suites.Add(TlsCipherSuite.TLS_AES_128_GCM_SHA256);
            if (chaCha)
            {
                suites.Add(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256);
            }
        }
        return [.. suites];
    }

    public static bool IsTls13(TlsCipherSuite suite) => ((int)suite & 0xFF00) == 0x1300;

    // Enum.TryParse also reads numbers and lists; a name begins with TLS_ and has neither.
    private static bool TryParse(string name, out TlsCipherSuite suite)
    {
        suite = default;
        return name.StartsWith("TLS_", StringComparison.Ordinal) && !name.Contains(',', StringComparison.Ordinal) && Enum.TryParse(name, out suite);
    }

    private static string Nearest(string name)
    {
        var upper = name.ToUpperInvariant();
        var best = nameof(TlsCipherSuite.TLS_AES_256_GCM_SHA384);
        var least = int.MaxValue;
        foreach (var candidate in Enum.GetNames<TlsCipherSuite>())
        {
            var distance = Distance(upper, candidate.ToUpperInvariant());
            if (distance < least && !Array.Exists(Refused, word => candidate.Contains(word, StringComparison.Ordinal)))
            {
                (best, least) = (candidate, distance);
            }
        }
        return best;
    }

    private static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a[..Math.Min(a.Length, 64)];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
