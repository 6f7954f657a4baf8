using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>More rows than two blocks of a list have, made by the engine itself.</summary>
internal static class ManyRows
{
    public const int Count = 20_000;

    private static readonly string Digits = string.Join(" UNION ALL ", Enumerable.Range(0, 10).Select(n => $"SELECT {n} AS n"));

    // 0 to Count - 1.
    private static readonly string Numbers =
        $"(SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n + 10000 * e.n AS i FROM ({Digits}) a, ({Digits}) b, ({Digits}) c, ({Digits}) d, "
        + "(SELECT 0 AS n UNION ALL SELECT 1 AS n) e) numbers";

    /// <summary>Every tenth is of ca-2, every hundredth of the label rare; each is a second younger than the one before it.</summary>
    public static void AddCertificates(StoreFixture store) => store.Run(
        $"""
        INSERT INTO certificates
            (sha256, serial, ca, subject, issuer, not_before, not_after, key_type, der, label, operation, identity, transaction_id, issued_at,
             names)
        SELECT {Hash(store, "i")}, {Text(store, "i")}, CASE WHEN i % 10 = 0 THEN 'ca-2' ELSE 'ca-1' END,
               CASE WHEN i % 1000 = 7 THEN 'CN=special' ELSE 'CN=device' END, 'CN=Issuing CA', {Start}, {Second} + 7776000000000,
               'ecdsa-p256', {Hash(store, "i")}, CASE WHEN i % 100 = 0 THEN 'rare' ELSE 'iot' END, 'simpleenroll', 'otp:abc', {Hash(store, "i")},
               {Second}, CASE WHEN i % 2 = 0 THEN {Hash(store, "i")} END
        FROM {Numbers} ORDER BY numbers.i
        """);

    public static void AddTheRest(StoreFixture store)
    {
        AddNotices(store);
        store.Run(
            $"""
            INSERT INTO transactions
                (id, identity, label, request_hash, operation, state, ca, serial, draft, node, not_before, not_after, opened_at)
            SELECT {Hash(store, "i")}, {Text(store, "i % 500")}, 'iot', {Hash(store, "i")}, 'simpleenroll', 1, 'ca-1', {Hash(store, "i")},
                   {Hash(store, "i")}, 'node-1', 0, 0, {Start} + i FROM {Numbers}
            """);
        store.Run(
            $"""
            INSERT INTO audit_log (node, sequence, time, event_type, niap, success, serial, details, previous_hash, hash)
            SELECT 'node-0', i + 1, {Start} + i, 'cert.issued', 'CertIssue', 1, CASE WHEN i % 2 = 0 THEN {Text(store, "i % 5000")} END, '{"{}"}',
                   {Hash(store, "i")}, {Hash(store, "i")} FROM {Numbers}
            """);
        store.Run(
            $"""
            INSERT INTO audit_anchors (node, number, sequence, hash, time, key_id, signature)
            SELECT {Text(store, "i % 20")}, i + 1, i, {Hash(store, "i")}, {Start} + i, 'k', {Hash(store, "i")} FROM {Numbers}
            """);
        store.Run(
            $"""
            INSERT INTO audit_archives
                (node, number, first_sequence, last_sequence, previous_hash, hash, time, file_name, file_sha256, key_id, signature)
            SELECT {Text(store, "100 + i % 20")}, i + 1, i, i, {Hash(store, "i")}, {Hash(store, "i")}, {Start} + i, 'f', {Hash(store, "i")}, 'k',
                   {Hash(store, "i")} FROM {Numbers}
            """);
        store.Run(
            $"""
            INSERT INTO due_revocations (transaction_id, sha256, due_at)
            SELECT {Hash(store, "i")}, {Hash(store, "i")}, {Start} + (i + {Start} - {Start}) * 86400000000 FROM {Numbers}
            """);
        store.Run(
            $"""
            INSERT INTO plugin_data (instance, "key", value, version, expires_at)
            SELECT {Text(store, "i % 10")}, {Text(store, "i")}, {Hash(store, "i")}, 1, CASE WHEN i % 2 = 0 THEN {Start} + i END FROM {Numbers}
            """.Replace("\"key\"", store.Database.Engine == "mariadb" ? "`key`" : "\"key\"", StringComparison.Ordinal));
        store.Run(
            $"""
            INSERT INTO requests
                (id, identity, label, request_hash, operation, requester, source_ip, ca, subject, names, usages, key_type, request, created_at,
                 expires_at, decision)
            SELECT {Hash(store, "i")}, {Text(store, "i % 500")}, 'iot', {Hash(store, "i")}, 'simpleenroll', 'r', '::1', 'ca-1', 'CN=a', '', '', 'k',
                   {Hash(store, "i")}, {Start} + i, {Start} + i, 1 FROM {Numbers}
            """);
    }

    /// <summary>As many requests, each a second younger than the one before it, of which every second one waits for a decision.</summary>
    public static void AddRequests(StoreFixture store) => store.Run(
        $"""
        INSERT INTO requests
            (id, identity, label, request_hash, operation, requester, source_ip, ca, subject, names, usages, key_type, request, created_at,
             expires_at, decision)
        SELECT {Hash(store, "i")}, 'x', 'iot', {Hash(store, "i")}, 'simpleenroll', 'r', '::1', 'ca-1', {Text(store, "i")}, '', '', 'k',
               {Hash(store, "i")}, {Second}, {Second} + 86400000000, i % 2 FROM {Numbers}
        """);

    /// <summary>All told but every thousandth.</summary>
    private static void AddNotices(StoreFixture store) => store.Run(
        $"""
        INSERT INTO revocation_notices (certificate_id, ca, told_at, due_at)
        SELECT id + 1000000, ca, CASE WHEN id % 1000 = 1 THEN NULL ELSE issued_at END, issued_at FROM certificates
        """);

    private static string Start => new DateTimeOffset(2026, 6, 24, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() + "000000";

    // The sum makes the number one of 64 bits, everywhere.
    private static string Second => $"({Start} + (i + {Start} - {Start}) * 1000000)";

    private static string Hash(StoreFixture store, string number) => store.Database.Engine switch
    {
        "sqlite" => "randomblob(16)",
        "postgres" => $"decode(md5(({number})::text), 'hex')",
        _ => $"UNHEX(MD5({number}))",
    };

    private static string Text(StoreFixture store, string number) =>
        store.Database.Engine == "mariadb" ? $"CAST({number} AS CHAR)" : $"CAST({number} AS TEXT)";
}
