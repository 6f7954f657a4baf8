using System.Net;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.Tests.AuditSyslog;

internal static class Records
{
    public static AuditEvent Issued { get; } =
        new("node-1", 7, new DateTimeOffset(2026, 6, 24, 14, 32, 10, 123, 456, TimeSpan.Zero), "cert.issued", "CertIssue", true)
        {
            Actor = "otp:device",
            Source = IPAddress.Parse("192.0.2.45"),
            Label = "iot",
            Authority = "default",
            Serial = "4a3f218c0977342b",
            Fields = new Dictionary<string, string>
            {
                ["issuer"] = "CN=Example CA", ["subject"] = "CN=server.example.com", ["not_before"] = "2026-06-24T14:32:00Z",
                ["not_after"] = "2027-06-24T14:32:00Z", ["reason"] = "asked",
            },
            PreviousHash = new byte[32],
            Hash = Enumerable.Repeat((byte)0xab, 32).ToArray(),
        };

    public static AuditEvent Number(long sequence)
        => new("node-1", sequence, DateTimeOffset.UnixEpoch, "auth.otp.failure", "AuthFailure", false) { Hash = new byte[32] };

    public static IReadOnlyList<AuditEvent> Numbers(int from, int count) => [.. Enumerable.Range(from, count).Select(number => Number(number))];
}
