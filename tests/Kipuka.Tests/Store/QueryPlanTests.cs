using Kipuka.Store;

namespace Kipuka.Tests.Store;

public sealed class QueryPlanTests
{
    public static TheoryData<string, string> RequestPath => new()
    {
        { TransactionRows.FindSql, "idx_transactions_request" },
        { TransactionRows.StateSql, "sqlite_autoindex_transactions_1" },
        { TransactionRows.IssueSql, "sqlite_autoindex_transactions_1" },
        { TransactionRows.DeliverSql, "sqlite_autoindex_transactions_1" },
        { CertificateRows.BySha256Sql, "sqlite_autoindex_certificates_1" },
        { CertificateRows.BySerialSql, "idx_certificates_serial" },
        { CertificateRows.BySerialAndCaSql, "idx_certificates_serial" },
        { CertificateRows.RevokeSql, "idx_certificates_serial" },
        { CertificateRows.RevokeOneSql, "sqlite_autoindex_certificates_1" },
        { CertificateRows.ByNamesSql, "idx_certificates_names" },
        { CertificateRows.BySubjectSql, "idx_certificates_subject" },
        { CertificateRows.EndedSql, "idx_certificates_not_after" },
        { AuditRows.SinceSql, "sqlite_autoindex_audit_log_1" },
        { SealRows.LastAnchorSql, "sqlite_autoindex_audit_anchors_1" },
        { SealRows.LastArchiveSql, "sqlite_autoindex_audit_archives_1" },
        { DueRevocations.FindSql, "idx_due_revocations_due" },
        { CertificateRows.FiguresSql, "COVERING INDEX idx_certificates_ca" },
        { AuditRows.HeadSql, "sqlite_autoindex_audit_log_1" },
        { AuditRows.AfterSql, "sqlite_autoindex_audit_log_1" },
        { PluginRows.GetSql, "PRIMARY KEY" },
        { PluginRows.ListSql, "PRIMARY KEY" },
        { PluginRows.ExpiredSql, "idx_plugin_data_expires" },
    };

    [Theory]
    [MemberData(nameof(RequestPath))]
    public async Task Every_look_up_searches_an_index_and_sorts_nothing(string sql, string index)
    {
        await using StoreFixture store = await StoreFixture.OpenAsync(inMemory: true);
        List<string> plan = await store.Database.ReadAsync(
            session =>
            {
                using System.Data.Common.DbCommand command = session.Connection.CreateCommand();
#pragma warning disable CA2100
                command.CommandText = "EXPLAIN QUERY PLAN " + System.Text.RegularExpressions.Regex.Replace(sql, "@[a-zA-Z0-9]+", "NULL");
#pragma warning restore CA2100
                using System.Data.Common.DbDataReader reader = command.ExecuteReader();
                List<string> steps = [];
                while (reader.Read())
                {
                    steps.Add(reader.GetString(3));
                }

                return steps;
            },
            default);

        Assert.Contains(plan, step => step.StartsWith("SEARCH", StringComparison.Ordinal) && step.Contains(index, StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }
}
