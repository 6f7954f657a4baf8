using System.Data.Common;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>No statement reads a large table from end to end, or sorts it, on any engine.</summary>
/// <remarks>The statements are those that SQLite has run for a life of everything the store does; each engine is asked for its plan of them.</remarks>
public abstract class StatementPlanSuite(StoreEngine engine) : StoreSuite(engine)
{
    private static readonly string[] Large = ["certificates", "transactions", "audit_log", "plugin_data", "requests", "revocation_notices"];

    // Why each may do what others may not.
    private static readonly Dictionary<string, string> Exempt = new()
    {
        [RequestRows.ListOpenSql] = "sorts those that wait for a decision: few",
        [RequestRows.CountOpenOfSql] = "of one identity",
        [AuditRows.RecentSql] = "groups minutes",
        [Outcomes.Sql] = "groups the time that was asked for, from an index",
        [CertificateRows.BySerialSql] = "sorts the certificates of one serial number",
        [CertificateRows.BySerialAndCaSql] = "sorts the certificates of one serial number",
        [CertificateRows.BySubjectSql] = "sorts the certificates of one subject",
        [CertificateRows.ByNamesSql] = "sorts the certificates of one name",
        [NoticeRows.AuthoritiesSql] = "groups the notices that CAs have not agreed to: few",
        [CertificateRows.FiguresSql] = "counts a CA's certificates, from an index",
        [TransactionRows.FindSql] = "sorts the transactions of one request",
    };

    [Fact]
    public async Task Every_statement_uses_an_index_and_sorts_no_large_table()
    {
        await using StoreFixture lived = await StoreFixture.OpenAsync();
        await LiveAsync(lived);
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        ManyRows.AddTheRest(store);
        using DbConnection connection = Engine.Connect(store.Options);
        Run(connection, store.Database.Engine switch
        {
            "sqlite" => "ANALYZE",
            "postgres" => "VACUUM ANALYZE",
            _ => "ANALYZE TABLE " + string.Join(", ", Large),
        });
        List<string> faults = [];
        foreach (DbCommand statement in PreparedStatements.Of(lived.Database).DistinctBy(command => command.CommandText))
        {
            string sql = statement.CommandText;
            if (!Large.Any(table => sql.Contains(table, StringComparison.Ordinal)) || sql.Contains("VALUES (", StringComparison.Ordinal))
            {
                continue;
            }

            string plan = Explain(connection, store.Database.Engine, statement);
            if (Fault(store.Database.Engine, plan, maySort: Exempt.ContainsKey(sql) || sql == RequestRows.Source.RowsSql(new ListQuery())) is { } fault
                // Nine tenths of these rows are the CA's: PostgreSQL is right to read them all.
                && sql != CertificateRows.FiguresSql)
            {
                faults.Add($"{fault}: {sql}\n{plan}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    [Fact]
    public async Task Every_statement_that_has_a_name_was_among_them()
    {
        await using StoreFixture lived = await StoreFixture.OpenAsync();
        await LiveAsync(lived);
        HashSet<string> known = [.. PreparedStatements.Of(lived.Database).Select(command => command.CommandText)];
        IEnumerable<string> forgotten =
            from type in typeof(Database).Assembly.GetTypes()
            where type.Namespace == "Kipuka.Store"
            from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)
            where field.IsLiteral && field.FieldType == typeof(string) && field.Name.EndsWith("Sql", StringComparison.Ordinal)
            let sql = (string)field.GetRawConstantValue()!
            where Large.Any(table => sql.Contains(table, StringComparison.Ordinal)) && !known.Contains(sql)
            where !sql.Contains("VALUES (", StringComparison.Ordinal)
            select $"{type.Name}.{field.Name}";
        Assert.Empty(forgotten);
    }

    // What is in order already but for rows of the same key is no sort.
    private static string? Fault(string engine, string plan, bool maySort)
    {
        string[] steps = plan.Split('\n');
        return engine switch
        {
            "sqlite" when steps.Any(step => Large.Any(table => step.StartsWith($"SCAN {table}", StringComparison.Ordinal) || step is "SCAN r" or "SCAN t" or "SCAN c" or "SCAN o")) => "full scan",
            "sqlite" when !maySort && steps.Any(step => step.StartsWith("USE TEMP B-TREE FOR ", StringComparison.Ordinal) && !step.Contains("LAST TERM", StringComparison.Ordinal)) => "sort",
            "postgres" when steps.Any(step => step.Contains("Seq Scan on", StringComparison.Ordinal) && Large.Any(table => step.Contains($"Seq Scan on {table}", StringComparison.Ordinal))) => "full scan",
            "postgres" when !maySort && steps.Any(step => step.TrimStart(' ', '-', '>').StartsWith("Sort  ", StringComparison.Ordinal)) => "sort",
            // Columns: id, select_type, table, type, …: ALL reads the table, index reads a whole index.
            "mariadb" when steps.Select(step => step.Split('|')).Any(step => step[3] == "ALL" || (step[3] == "index" && !maySort && !plan.Contains("ORDER", StringComparison.Ordinal) && step[8] is { } rows && long.Parse(rows, System.Globalization.CultureInfo.InvariantCulture) > 8192)) => "full scan",
            "mariadb" when !maySort && plan.Contains("filesort", StringComparison.Ordinal) => "sort",
            _ => null,
        };
    }

    private static string Explain(DbConnection connection, string engine, DbCommand statement)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = (engine == "sqlite" ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + statement.CommandText;
#pragma warning restore CA2100
        foreach (DbParameter given in statement.Parameters)
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (given.ParameterName, given.Value);
            if (given.ParameterName == "blockBegin")
            {
                // A block is as small beside these rows as a real one beside millions.
                parameter.Value = (long)statement.Parameters["blockEnd"].Value! - 100;
            }

            command.Parameters.Add(parameter);
        }

        using DbDataReader reader = command.ExecuteReader();
        StringBuilder plan = new();
        while (reader.Read())
        {
            plan.Append(plan.Length > 0 ? "\n" : "").Append(engine switch
            {
                "sqlite" => reader.GetString(3),
                "postgres" => reader.GetString(0),
                _ => string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetValue(i)}")),
            });
        }

        return plan.ToString();
    }

    private static void Run(DbConnection connection, string sql)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = sql;
#pragma warning restore CA2100
        command.CommandTimeout = 120;
        command.ExecuteNonQuery();
    }

    private static async Task LiveAsync(StoreFixture store)
    {
        // More than two blocks, so that their bounds are looked for too.
        ManyRows.AddCertificates(store);
        ManyRows.AddTheRest(store);
        CancellationToken none = default;
        DateTimeOffset now = store.Clock.Now;
        LedgerEntry entry = store.Entry("one") with { Supersedes = new Supersession(new byte[32], TimeSpan.Zero) };
        await store.Ledger.OpenAsync(entry, StoreFixture.Unchecked, [], none);
        await store.Ledger.FindAsync(entry.Key, now, none);
        IssuedCertificate issued = store.Certificate("0a");
        await store.Ledger.CloseAsync(entry.Transaction, issued, [StoreFixture.Event("cert.issued")], [], none);
        store.Ledger.MarkDelivered(entry.Transaction);
        LedgerEntry failed = store.Entry("two");
        await store.Ledger.OpenAsync(failed, StoreFixture.Unchecked, [], none);
        await store.Ledger.FailAsync(failed.Transaction, "no", [], [], none);
        await store.Ledger.FailAsync(failed.Transaction, "no", [], [], none);
        await store.Ledger.FindCertificateAsync(issued.Sha256, none);
        await store.Ledger.FindBySerialAsync("0a", null, none);
        await store.Ledger.FindBySerialAsync("0a", "ca-1", none);
        await store.Ledger.FindNamedAsync("iot", new byte[32], "CN=x", now, none);
        await store.Ledger.FiguresAsync("ca-1", none);
        await store.Ledger.RevokeAsync("0a", "ca-1", 1, now, [], none);
        await store.Ledger.RevokeAsync(issued.Sha256, 1, now, [], none);
        await store.Ledger.RevokeAsync((await store.IssueAsync("0b")).Sha256, 1, now, [], none);
        IssuedCertificate told = await store.IssueAsync("0c");
        await store.Ledger.RevokeAsync(told.Sha256, 1, now, [], none, tell: true);
        RevocationNotices notices = new(store.Database, store.Journal);
        await notices.AuthoritiesAsync(none);
        await notices.FreeAsync(none);
        RevocationNotice notice = (await notices.TakeAsync("ca-1", TimeSpan.FromMinutes(1), none))!;
        await notices.FailedAsync(notice, "no", TimeSpan.Zero, [], none);
        await notices.ToldAsync(notice, StoreFixture.Event("revocation.told"), none);
        await notices.StateAsync(told.Sha256, none);
        foreach (CertificateFilter filter in (CertificateFilter[])
        [
            new(), new() { Authority = "ca-1" }, new() { Label = "iot" }, new() { Subject = "x" }, new() { Issuer = "x" }, new() { IssuedAfter = now },
            new() { IssuedBefore = now }, new() { Status = CertificateStatus.Active }, new() { Status = CertificateStatus.Revoked },
            new() { Status = CertificateStatus.Expired },
            new() { Authority = "ca-1", Label = "iot", Subject = "x", Issuer = "i", IssuedAfter = now.AddDays(-9), IssuedBefore = now, Status = CertificateStatus.Active },
        ])
        {
            await store.Ledger.ListAsync(filter, 1, 10, none);
        }

        foreach (AuditFilter filter in (AuditFilter[])
        [
            new(), new() { Events = ["cert.*"] }, new() { Niap = ["CertIssue"] }, new() { Operation = "x" }, new() { Subject = "x" }, new() { Actor = "x" },
            new() { Authority = "x" }, new() { Label = "x" }, new() { Serial = "0a" }, new() { Source = IPAddress.Loopback }, new() { Node = "node-0" },
            new() { Success = true }, new() { Start = now.AddDays(-9), End = now },
            new() { Events = ["a", "b"], Node = "node-0", Success = false, Start = now.AddDays(-9), Authority = "ca-1" },
        ])
        {
            await store.Journal.ListAsync(filter, 1, 10, none);
            await store.Journal.BetweenAsync(filter, "node-1", 0, 10, 10, none);
        }

        await store.Journal.RecentAsync(now, none);
        await store.Journal.SinceAsync("node-1", 1, none);
        await store.Journal.ReadAsync("node-1", 0, 10, none);
        await store.Journal.ChainsAsync(none);
        await store.Journal.LastToLeaveAsync("node-1", now, none);
        await new Outcomes(store.Database).CountAsync(now.AddHours(-1), now, TimeSpan.FromMinutes(1), none);
        await new Expiries(store.Database, store.Journal).NoteAsync(10, _ => StoreFixture.Event("cert.expired"), none);
        await new DueRevocations(store.Database).TakeAsync(1, TimeSpan.FromMinutes(1), none);
        PendingRequests requests = new(store.Database, store.Journal);
        PendingRequest request = new(
            Guid.CreateVersion7(), new LedgerKey("otp:x", "iot", SHA256.HashData("r"u8)), "simpleenroll", "x", "::1", "ca-1", "CN=x", [], [], "k",
            new byte[] { 1 }, now, now.AddDays(1));
        await requests.AddAsync(request, 5, [], none);
        await requests.FindAsync(request.Id, none);
        await requests.FindAsync(request.Key, none);
        await requests.ListAsync(1, 10, none);
        await requests.ListOpenAsync(1, 10, none);
        await requests.DecideAsync(request.Id, Decision.Approved, "y", null, [], none);
        IPluginStore plugin = store.Plugins.For("1");
        await foreach (StoredValue _ in plugin.ListAsync("", none))
        {
            break;
        }

        await plugin.GetAsync("a", none);
        foreach (StoreWrite write in (StoreWrite[])
            [new("a", new byte[] { 1 }), new("a", null), new("a", new byte[] { 1 }) { IfVersion = 0 }, new("a", new byte[] { 1 }) { IfVersion = 1 }, new("a", null) { IfVersion = 2 }])
        {
            await plugin.WriteAsync(write, none);
        }
    }
}
