using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>No statement reads a table that grows from end to end, or sorts it, on any engine.</summary>
/// <remarks>
/// The statements are those that SQLite has run for a life of everything the store does (<see cref="StoreLife"/>), and there is no statement in
/// the program that is not among them; each engine is asked for its plan of them.
/// </remarks>
public abstract partial class StatementPlanSuite(StoreEngine engine) : StoreSuite(engine)
{
    // Any other table grows with what is issued, asked or recorded.
    private static readonly Dictionary<string, string> Bounded = new()
    {
        ["schema_migrations"] = "a row a migration",
        ["expiry_mark"] = "one row",
        ["turns"] = "two rows",
        ["commit_marks"] = "a row a node",
        ["replacements"] = "1000 rows at most (Replacements.Most)",
    };

    // Why each may put rows in order that no index has in order.
    private static readonly Dictionary<string, string> MaySort = new()
    {
        [RequestRows.FindSql] = "the same request again, within its time",
        [RequestRows.CountOpenOfSql] = "of one identity",
        [AuditRows.RecentSql] = "groups minutes",
        [Outcomes.Sql] = "groups the time that was asked for, from an index",
        [CertificateRows.BySerialSql] = "the certificates of one serial number",
        [CertificateRows.BySerialAndCaSql] = "the certificates of one serial number",
        [CertificateRows.BySubjectSql] = "the certificates of one subject",
        [CertificateRows.ByNamesSql] = "the certificates of one name",
        [CertificateRows.FiguresSql] = "groups a block",
        [TransactionRows.FindSql] = "the transactions of one request",
        [NoticeRows.AuthoritiesSql] = "groups the notices that CAs have not agreed to: few",
        [RequestRows.Source.RowsSql(new ListQuery())] = "those of a block that came in the same microsecond",
        [RequestRows.Source.RowsSql(new OpenRequests(default))] = "those of a block that came in the same microsecond",
    };

    private const string OneSerial = "FROM audit_log WHERE serial = @serial";

    // Its rows were picked in order, and are put in order again.
    private const string OnePage = " JOIN (SELECT id AS picked FROM certificates ";

    // What is found by one equality, and not by walking a block.
    private static readonly Dictionary<string, string> Expected = new()
    {
        [OneSerial] = "idx_audit_log_serial",
        ["WHERE r.decision = @decision"] = "idx_requests_undecided",
        ["WHERE label = @label AND names = @names"] = "idx_certificates_named",
        ["AND names IS NULL"] = "idx_certificates_named",
        [CertificateRows.FiguresSql] = "idx_certificates_list",
    };

    [Fact]
    public async Task Every_statement_uses_an_index_and_sorts_no_table_that_grows()
    {
        await using StoreFixture lived = await StoreFixture.OpenAsync();
        await StoreLife.LiveAsync(lived);
        await using StoreFixture store = await OpenAsync();
        ManyRows.AddCertificates(store);
        ManyRows.AddTheRest(store);
        List<string> growing = [.. (await StoreLife.TablesAsync(lived)).Except(Bounded.Keys)];
        Assert.Equal(Bounded.Keys.Order(), (await StoreLife.TablesAsync(lived)).Intersect(Bounded.Keys).Order());
        using DbConnection connection = Engine.Connect(store.Options);
        Run(connection, store.Database.Engine switch
        {
            "sqlite" => "ANALYZE",
            "postgres" => "VACUUM ANALYZE",
            _ => "ANALYZE TABLE " + string.Join(", ", growing),
        });
        List<string> faults = [];
        int planned = 0;
        foreach (DbCommand statement in PreparedStatements.Of(lived.Database).DistinctBy(command => command.CommandText))
        {
            string sql = statement.CommandText;
            // Rows that are given have no plan.
            if (!growing.Any(table => StoreLife.Names(sql, table)) || sql.Contains("VALUES (", StringComparison.Ordinal))
            {
                continue;
            }

            planned++;
            string plan = Explain(connection, store.Database.Engine, statement);
            if (Fault(store.Database.Engine, sql, plan, growing) is { } fault)
            {
                faults.Add($"{fault}: {sql}\n{plan}");
            }

            // An export goes along a node's records, where that is as quick.
            if (Expected.FirstOrDefault(one => sql.Contains(one.Key, StringComparison.Ordinal)).Value is { } index && !sql.Contains("@ofNode", StringComparison.Ordinal) && !plan.Contains(index, StringComparison.Ordinal))
            {
                faults.Add($"not by {index}: {sql}\n{plan}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
        Assert.True(planned > 100, $"{planned}");
    }

    private static string? Fault(string engine, string sql, string plan, IReadOnlyList<string> growing)
    {
        bool maySort = MaySort.ContainsKey(sql) || sql.Contains(OneSerial, StringComparison.Ordinal) || sql.Contains(OnePage, StringComparison.Ordinal);
        Dictionary<string, string> aliases = Aliases().Matches(sql).DistinctBy(match => match.Groups[2].Value).ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);
        string[] steps = plan.Split('\n');
        return engine switch
        {
            "sqlite" when steps.Any(step => step.StartsWith("SCAN ", StringComparison.Ordinal) && Grows(step.Split(' ')[1])) => "full scan",
            // What is in order already but for rows of the same key is no sort.
            "sqlite" when !maySort && steps.Any(step => step.StartsWith("USE TEMP B-TREE FOR ", StringComparison.Ordinal) && !step.Contains("LAST TERM", StringComparison.Ordinal)) => "sort",
            "postgres" when Enumerable.Range(0, steps.Length).Any(i => Scanned(steps, i) is { } table && Grows(table)) => "full scan",
            "postgres" when !maySort && steps.Any(step => step.TrimStart(' ', '-', '>').StartsWith("Sort  ", StringComparison.Ordinal)) => "sort",
            // Columns: id, select_type, table, type, …: ALL reads the table, index reads a whole index unless it may stop early.
            "mariadb" when steps.Select(step => step.Split('|')).Any(step => Grows(step[2]) && (step[3] == "ALL" || (step[3] == "index" && Number(step[8]) > 8192))) => "full scan",
            "mariadb" when !maySort && plan.Contains("filesort", StringComparison.Ordinal) => "sort",
            _ => null,
        };

        bool Grows(string name) => growing.Contains(aliases.GetValueOrDefault(name, name));
    }

    // The table that a step reads whole: the rows, or an index without a condition from which nobody takes only the first rows.
    private static string? Scanned(string[] steps, int i)
    {
        Match scan = Scans().Match(steps[i]);
        if (!scan.Success)
        {
            return null;
        }

        bool isBounded = steps.Skip(i + 1).TakeWhile(step => !step.Contains("->", StringComparison.Ordinal)).Any(step => step.Contains("Index Cond:", StringComparison.Ordinal))
            || (i > 0 && steps.Take(i).Any(step => step.TrimStart(' ', '-', '>').StartsWith("Limit  ", StringComparison.Ordinal)));
        return scan.Groups["seq"].Success || !isBounded ? scan.Groups["table"].Value : null;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Explain(DbConnection connection, string engine, DbCommand statement)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100
        command.CommandText = (engine == "sqlite" ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + statement.CommandText;
#pragma warning restore CA2100
        bool isNarrow = !Expected.Keys.Any(one => statement.CommandText.Contains(one, StringComparison.Ordinal)) || statement.CommandText == CertificateRows.FiguresSql;
        foreach (DbParameter given in statement.Parameters)
        {
            DbParameter parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (given.ParameterName, given.Value);
            if (given.ParameterName == "blockBegin")
            {
                // A block is as small beside these rows as a real one beside millions; one of the rows that an equality finds may be all of them.
                parameter.Value = isNarrow ? (long)statement.Parameters["blockEnd"].Value! - 100 : 0L;
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

    [GeneratedRegex(@"\b(?:FROM|JOIN|UPDATE) (\w+) ([a-z])\b")]
    private static partial Regex Aliases();

    [GeneratedRegex(@"(?:(?<seq>Seq)|Index|Index Only) Scan (?:Backward )?(?:using \w+ )?on (?<table>\w+)")]
    private static partial Regex Scans();
}
