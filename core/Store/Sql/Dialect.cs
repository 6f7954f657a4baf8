using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Kipuka.Store;

/// <summary>What differs between engines. The statements themselves are in SQL that all of them take.</summary>
internal abstract class Dialect
{
    /// <summary>The engine's word: its folder of migrations, and its name in logs and the health report.</summary>
    public abstract string Engine { get; }

    /// <summary>Whether several processes may use a database at a time.</summary>
    public virtual bool IsShared => true;

    /// <summary>Begins a transaction that is going to write.</summary>
    public abstract string Begin { get; }

    /// <summary>Counts the tables named <c>schema_migrations</c>: 0 in a new database.</summary>
    public abstract string HasMigrations { get; }

    /// <summary>Makes that table, where it does not stand.</summary>
    public abstract string CreateMigrations { get; }

    /// <summary>
    /// Whether the database is another process, reached over a connection that may break, and shared with other nodes. Then a group is
    /// first tried without a savepoint for each write, and leaves a mark by which a lost commit is settled.
    /// </summary>
    public abstract bool IsServer { get; }

    /// <summary>Whether several statements go to the server in one round trip.</summary>
    public virtual bool Batches => false;

    public static Dialect Of(DatabaseOptions options) => options.Server switch
    {
        null => new SqliteDialect(options),
        { Engine: PostgresDialect.Name } server => new PostgresDialect(options, server),
        { } server => new MariaDialect(options, server),
    };

    /// <summary>Makes the place ready and takes it for this process; disposing the answer gives it free.</summary>
    /// <exception cref="DatabaseException">It cannot be used, and why.</exception>
    public abstract IDisposable Claim(ILogger log);

    /// <summary>Opens a connection that may write.</summary>
    /// <exception cref="DatabaseException">It cannot be opened, and why.</exception>
    public abstract DbConnection OpenWriter();

    /// <summary>Opens a connection that only reads; null where reads share the writer's.</summary>
    /// <exception cref="DatabaseException">It cannot be opened, and why.</exception>
    public abstract DbConnection? OpenReader();

    /// <summary>Waits until no other process migrates; disposing the answer, or the connection's end, lets the next one in.</summary>
    public virtual IDisposable LockSchema(Session session) => Nothing.ToRelease;

    /// <summary>Takes the node's name for this connection. When it returns, no former connection of the node can commit any more.</summary>
    /// <param name="session">The writer's.</param>
    /// <param name="former">What this process wrote under before; null at the start.</param>
    /// <returns>What it writes under; null where nobody asks.</returns>
    /// <exception cref="DatabaseException">Another process has the name.</exception>
    public virtual NodeClaim? TakeNode(Session session, NodeClaim? former) => null;

    /// <summary>Gives the name back where the connection's end alone does not.</summary>
    public virtual void LeaveNode(Session session, NodeClaim claim)
    {
    }

    /// <summary>Sees that other nodes live, where no lock of the server tells; null where one does.</summary>
    public virtual NodeWatch? Watch => null;

    /// <summary>Whether a process writes under a node's name at this moment.</summary>
    public virtual bool IsNodeAlive(Session session, string node) => false;

    /// <summary>An INSERT that changes nothing, and is no fault, where a unique index has the row already.</summary>
    public virtual string InsertIfAbsent(string insert) => insert + " ON CONFLICT DO NOTHING";

    /// <summary>Whether a unique index refused the row.</summary>
    public abstract bool IsDuplicate(DbException fault);

    /// <summary>Whether the transaction lost against another one, was undone whole, and may well succeed the next time.</summary>
    public virtual bool IsConflict(Exception fault) => false;

    /// <summary>Whether the connection is of no use any more.</summary>
    public virtual bool IsLost(Exception fault) => false;
}
