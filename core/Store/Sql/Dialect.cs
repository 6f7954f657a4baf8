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

    /// <summary>Makes the place ready and takes it for this process; disposing the answer gives it free.</summary>
    /// <exception cref="DatabaseException">It cannot be used, and why.</exception>
    public abstract IDisposable Claim(ILogger log);

    /// <summary>Opens a connection that may write.</summary>
    public abstract DbConnection OpenWriter();

    /// <summary>Opens a connection that only reads; null where reads share the writer's.</summary>
    public abstract DbConnection? OpenReader();

    /// <summary>Whether a unique index refused the row.</summary>
    public abstract bool IsDuplicate(DbException fault);
}
