namespace Kipuka.Tests.Store;

[Collection("postgres")]
public sealed class CertificateListOnPostgres(PostgresEngine engine) : CertificateListSuite(engine);

[Collection("postgres")]
public sealed class DatabaseOnPostgres(PostgresEngine engine) : DatabaseSuite(engine);

[Collection("postgres")]
public sealed class JournalOnPostgres(PostgresEngine engine) : JournalSuite(engine);

[Collection("postgres")]
public sealed class LedgerOnPostgres(PostgresEngine engine) : LedgerSuite(engine);

[Collection("postgres")]
public sealed class MigratorOnPostgres(PostgresEngine engine) : MigratorSuite(engine);

[Collection("postgres")]
public sealed class NodesOnPostgres(PostgresEngine engine) : NodesSuite(engine);

[Collection("postgres")]
public sealed class PluginDataOnPostgres(PostgresEngine engine) : PluginDataSuite(engine);

[Collection("postgres")]
public sealed class NoticeOnPostgres(PostgresEngine engine) : NoticeSuite(engine);

[Collection("postgres")]
public sealed class RenewalStoreOnPostgres(PostgresEngine engine) : RenewalStoreSuite(engine);

[Collection("postgres")]
public sealed class ListPagesOnPostgres(PostgresEngine engine) : ListPagesSuite(engine);

[Collection("postgres")]
public sealed class StatementPlanOnPostgres(PostgresEngine engine) : StatementPlanSuite(engine);
