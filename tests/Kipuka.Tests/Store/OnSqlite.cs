namespace Kipuka.Tests.Store;

public sealed class CertificateListOnSqlite() : CertificateListSuite(new SqliteEngine());

public sealed class DatabaseOnSqlite() : DatabaseSuite(new SqliteEngine());

public sealed class JournalOnSqlite() : JournalSuite(new SqliteEngine());

public sealed class LedgerOnSqlite() : LedgerSuite(new SqliteEngine());

public sealed class MigratorOnSqlite() : MigratorSuite(new SqliteEngine());

public sealed class NoticeOnSqlite() : NoticeSuite(new SqliteEngine());

public sealed class PluginDataOnSqlite() : PluginDataSuite(new SqliteEngine());

public sealed class RenewalStoreOnSqlite() : RenewalStoreSuite(new SqliteEngine());

public sealed class ListPagesOnSqlite() : ListPagesSuite(new SqliteEngine());

public sealed class StatementPlanOnSqlite() : StatementPlanSuite(new SqliteEngine());
