using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Kipuka.Sdk;
using Kipuka.Sdk.Audit;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>Everything that a store does, once.</summary>
internal static class StoreLife
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static async Task LiveAsync(StoreFixture store)
    {
        // As long as the chains are whole.
        await store.Journal.AppendAsync([StoreFixture.Event("server.startup")], None);
        await store.Journal.VerifyAsync(null, store.Clock.Now, store.Clock.Now.AddDays(1), None);
        // More than two blocks, so that their bounds are looked for too.
        ManyRows.AddCertificates(store);
        ManyRows.AddTheRest(store);
        await IssueAsync(store);
        await ListAsync(store);
        await RecordAsync(store);
        await RequestAsync(store);
        await ReplaceAsync(store);
        await KeepAsync(store.Plugins.For("1"), store);
        await store.Database.ProbeAsync(None);
        store.Clock.Now += TimeSpan.FromDays(100);
        await new Expiries(store.Database, store.Journal).NoteAsync(10, _ => StoreFixture.Event("cert.expired"), None);
    }

    public static Task<List<string>> TablesAsync(StoreFixture store) => store.Database.ReadAsync(
        session => session.All("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", static row => row.GetString(0)), None);

    public static bool Names(string sql, string table) => Regex.IsMatch(sql, $@"\b{table}\b");

    private static async Task IssueAsync(StoreFixture store)
    {
        DateTimeOffset now = store.Clock.Now;
        LedgerEntry entry = store.Entry("one") with { Supersedes = new Supersession(new byte[32], TimeSpan.Zero) };
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], None);
        await store.Ledger.FindAsync(entry.Key, now, None);
        await store.Ledger.ReassignAsync(entry.Transaction, "ca-1", new byte[20], new byte[1], None);
        await store.Ledger.WaitAsync(entry.Transaction, "ticket", [], None);
        await store.Ledger.TakeOverAsync(entry, None);
        store.Ledger.LetGo(entry.Transaction);
        IssuedCertificate issued = store.Certificate("0a");
        await store.Ledger.CloseAsync(entry.Transaction, issued, [StoreFixture.Event("cert.issued")], [], None);
        store.Ledger.MarkDelivered(entry.Transaction);
        LedgerEntry failed = store.Entry("two");
        await store.Ledger.OpenAsync(failed, StoreFixture.Unchecked, [], None);
        await store.Ledger.FailAsync(failed.Transaction, "no", [], [], None);
        await store.Ledger.FailAsync(failed.Transaction, "no", [], [], None);
        await store.Ledger.FindCertificateAsync(issued.Sha256, None);
        await store.Ledger.FindBySerialAsync("0a", null, None);
        await store.Ledger.FindBySerialAsync("0a", "ca-1", None);
        await store.Ledger.FindNamedAsync("iot", new byte[32], "CN=x", now, None);
        await store.Ledger.FiguresAsync(None);
        await store.Ledger.RevokeAsync("0a", "ca-1", 1, now, [], None);
        await store.Ledger.RevokeAsync(issued.Sha256, 1, now, [], None);
        await store.Ledger.RevokeAsync((await store.IssueAsync("0b")).Sha256, 1, now, [], None);
        IssuedCertificate told = await store.IssueAsync("0c");
        await store.Ledger.RevokeAsync(told.Sha256, 1, now, [], None, tell: true);
        RevocationNotices notices = new(store.Database, store.Journal);
        await notices.AuthoritiesAsync(None);
        await notices.FreeAsync(None);
        RevocationNotice notice = (await notices.TakeAsync("ca-1", TimeSpan.FromMinutes(1), None))!;
        await notices.FailedAsync(notice, "no", TimeSpan.Zero, [], None);
        await notices.ToldAsync(notice, StoreFixture.Event("revocation.told"), None);
        await notices.StateAsync(told.Sha256, None);
    }

    private static async Task ListAsync(StoreFixture store)
    {
        DateTimeOffset now = store.Clock.Now;
        foreach (CertificateFilter filter in (CertificateFilter[])
        [
            new(), .. Each<CertificateFilter>(now),
            new() { Authority = "ca-1", Label = "iot", Subject = "x", Issuer = "i", IssuedAfter = now.AddDays(-9), IssuedBefore = now, Status = CertificateStatus.Active },
        ])
        {
            await store.Ledger.ListAsync(filter, 1, 10, None);
        }

        foreach (AuditFilter filter in (AuditFilter[])
        [
            new(), .. Each<AuditFilter>(now), new() { Serial = "7", Authority = "ca-1" },
            new() { Events = ["a", "b"], Node = "node-0", Success = false, Start = now.AddDays(-9), Authority = "ca-1" },
        ])
        {
            await store.Journal.ListAsync(filter, 1, 10, None);
            await store.Journal.BetweenAsync(filter, "node-1", 0, 10, 10, None);
        }
    }

    private static async Task RecordAsync(StoreFixture store)
    {
        DateTimeOffset now = store.Clock.Now;
        await store.Journal.RecentAsync(now, None);
        await store.Journal.SinceAsync("node-1", 1, None);
        await store.Journal.ReadAsync("node-1", 0, 10, None);
        await store.Journal.ChainsAsync(None);
        await store.Journal.GoneAsync(None);
        await store.Journal.LastToLeaveAsync("node-1", now, None);
        await new Outcomes(store.Database).CountAsync(now.AddHours(-1), now, TimeSpan.FromMinutes(1), None);
        DueRevocations due = new(store.Database);
        await due.TakeAsync(1, TimeSpan.FromMinutes(1), None);
        await due.DoneAsync(Guid.Empty, None);
        await store.Journal.AnchorAsync(
            "key", _ => [1], made => StoreFixture.Event(AuditAnchor.EventName) with { Fields = made.Fields }, None);
        await store.Journal.LastArchiveAsync("node-1", None);
        AuditEvent leaves = (await store.Journal.ReadAsync("node-1", 0, 1, None)).Single();
        await store.Journal.RemoveArchivedAsync(
            new("node-1", 1, 1, 1, leaves.PreviousHash, leaves.Hash, store.Journal.Now(), "file", new byte[32], "key", new byte[64]),
            StoreFixture.Event(AuditArchive.EventName), None);
    }

    private static async Task RequestAsync(StoreFixture store)
    {
        DateTimeOffset now = store.Clock.Now;
        PendingRequests requests = new(store.Database, store.Journal);
        PendingRequest request = new(
            Guid.CreateVersion7(), new LedgerKey("otp:x", "iot", SHA256.HashData("r"u8)), "simpleenroll", "x", "::1", "ca-1", "CN=x", [], [], "k",
            new byte[] { 1 }, now, now.AddDays(1));
        await requests.AddAsync(request, 5, [], None);
        await requests.FindAsync(request.Id, None);
        await requests.FindAsync(request.Key, None);
        await requests.ListAsync(1, 10, None);
        await requests.ListOpenAsync(1, 10, None);
        await requests.DecideAsync(request.Id, Decision.Approved, "y", null, [], None);
    }

    private static async Task ReplaceAsync(StoreFixture store)
    {
        Replacements replacements = new(store.Database, store.Journal);
        Replacement replacement = new(Guid.CreateVersion7(), store.Clock.Now, store.Clock.Now, "why", "who", store.Clock.Now);
        await replacements.AddAsync(replacement, [], None);
        await replacements.CurrentAsync(None);
        await replacements.LiftAsync(replacement.Id, [], None);
    }

    private static async Task KeepAsync(IPluginStore plugin, StoreFixture store)
    {
        await foreach (StoredValue _ in plugin.ListAsync("", None))
        {
            break;
        }

        await plugin.GetAsync("a", None);
        foreach (StoreWrite write in (StoreWrite[])
        [
            new("a", new byte[] { 1 }), new("a", null), new("a", new byte[] { 1 }) { IfVersion = 0 }, new("a", new byte[] { 1 }) { IfVersion = 1 },
            new("a", null) { IfVersion = 2 }, new("b", null) { IfVersion = 0 },
        ])
        {
            await plugin.WriteAsync(write, None);
            store.Clock.Now += TimeSpan.FromMinutes(2);
        }
    }

    /// <summary>A filter for each thing that a list can be narrowed by, and for each of its values where these are few.</summary>
    private static IEnumerable<T> Each<T>(DateTimeOffset now)
        where T : new()
    {
        foreach (PropertyInfo property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            foreach (object value in type switch
            {
                { IsEnum: true } => Enum.GetValues(type).Cast<object>(),
                _ when type == typeof(string) => ["7"],
                _ when type == typeof(bool) => [true, false],
                _ when type == typeof(DateTimeOffset) => [now],
                _ when type == typeof(IPAddress) => [IPAddress.Loopback],
                _ when type == typeof(IReadOnlyList<string>) => [(string[])["a"], (string[])["a", "b"], Enumerable.Repeat("a", 9).ToArray()],
                _ => throw new InvalidOperationException($"no value for {property.Name}"),
            })
            {
                T filter = new();
                property.SetValue(filter, value);
                yield return filter;
            }
        }
    }
}
