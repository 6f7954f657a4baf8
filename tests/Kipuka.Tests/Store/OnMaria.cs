namespace Kipuka.Tests.Store;

[Collection("mariadb")]
public sealed class CertificateListOnMaria(MariaEngine engine) : CertificateListSuite(engine);

[Collection("mariadb")]
public sealed class DatabaseOnMaria(MariaEngine engine) : DatabaseSuite(engine);

[Collection("mariadb")]
public sealed class JournalOnMaria(MariaEngine engine) : JournalSuite(engine);

[Collection("mariadb")]
public sealed class LedgerOnMaria(MariaEngine engine) : LedgerSuite(engine);

[Collection("mariadb")]
public sealed class MigratorOnMaria(MariaEngine engine) : MigratorSuite(engine);

[Collection("mariadb")]
public sealed class NodesOnMaria(MariaEngine engine) : NodesSuite(engine);

[Collection("mariadb")]
public sealed class PluginDataOnMaria(MariaEngine engine) : PluginDataSuite(engine);

[Collection("mariadb")]
public sealed class NoticeOnMaria(MariaEngine engine) : NoticeSuite(engine);

[Collection("mariadb")]
public sealed class RenewalStoreOnMaria(MariaEngine engine) : RenewalStoreSuite(engine);

[Collection("mariadb")]
public sealed class ListPagesOnMaria(MariaEngine engine) : ListPagesSuite(engine);

[Collection("mariadb")]
public sealed class StatementPlanOnMaria(MariaEngine engine) : StatementPlanSuite(engine);
