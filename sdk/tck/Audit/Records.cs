using System.Net;
using System.Security.Cryptography;
using Kipuka.Sdk.Audit;

namespace Kipuka.Sdk.Tck;

/// <summary>Makes records of a journal.</summary>
internal static class Records
{
    private static long sequence;

    /// <summary>Records without gaps, each with a serial number that occurs nowhere else.</summary>
    public static IReadOnlyList<AuditEvent> Batch(int count) => [.. Enumerable.Range(0, count).Select(_ => Plain())];

    public static AuditEvent Plain() => new("tck-node", Interlocked.Increment(ref sequence), Now(), "cert.issued", "CertIssue", true)
    {
        Actor = "mtls:CN=device-1",
        Source = IPAddress.Parse("192.0.2.7"),
        Label = "devices",
        Authority = "default",
        Serial = RandomNumberGenerator.GetHexString(40, lowercase: true),
        Fields = new Dictionary<string, string> { ["subject"] = "CN=device-1", ["not_after"] = "2030-01-01T00:00:00Z" },
        PreviousHash = RandomNumberGenerator.GetBytes(32),
        Hash = RandomNumberGenerator.GetBytes(32),
    };

    /// <summary>All that a record may lack is missing.</summary>
    public static AuditEvent Bare() => new("tck-node", Interlocked.Increment(ref sequence), Now(), "server.started", "ServerStart", false)
    {
        Serial = RandomNumberGenerator.GetHexString(40, lowercase: true),
    };

    /// <summary>Texts that a sink has to encode, and fields that have the names of its own members.</summary>
    public static IReadOnlyList<AuditEvent> Difficult() =>
    [
        Plain() with { Actor = "gssapi:žluťoučký kůň@PŘÍKLAD", Label = "株式会社", Source = IPAddress.Parse("2001:db8::7") },
        Plain() with { Fields = new Dictionary<string, string> { ["subject"] = "CN=\U0001F512 \"quoted\" \\ back\tslash\r\nnext line\0\u001b[31m\u2028]>" } },
        Plain() with { Fields = new Dictionary<string, string> { ["half"] = "a surrogate without its other half: \ud83d", ["empty"] = "" } },
        Plain() with { Fields = Enumerable.Range(0, 32).ToDictionary(number => $"field_{number}", _ => new string('x', 1024)) },
        Plain() with { Fields = new Dictionary<string, string> { ["serial"] = "another", ["timestamp"] = "never", ["node"] = "x", ["sequence"] = "-1", ["hash"] = "y" } },
    ];

    // To the microsecond, as the journal has it.
    private static DateTimeOffset Now()
    {
        var now = TimeProvider.System.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
