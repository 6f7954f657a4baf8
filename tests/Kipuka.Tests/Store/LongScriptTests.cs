using Kipuka.Store;
using Npgsql;

namespace Kipuka.Tests.Store;

/// <summary>A migration may take longer than any statement of a request.</summary>
[Collection("postgres")]
public sealed class LongScriptTests(PostgresEngine engine)
{
    [Fact]
    public async Task A_script_outlasts_the_time_that_a_statement_has()
    {
        await using StoreFixture store = await StoreFixture.OpenAsync(engine, inMemory: false);
        Dialect dialect = Dialect.Of(store.Options);
        using Session session = new(Open(store.Options), dialect);
        session.RunScript("SELECT pg_sleep(2)");

        using Session other = new(Open(store.Options), dialect);
        NpgsqlException late = Assert.Throws<NpgsqlException>(() => other.Number("SELECT 1 FROM pg_sleep(2)"));
        Assert.IsType<TimeoutException>(late.InnerException);
    }

    private static NpgsqlConnection Open(DatabaseOptions options)
    {
        using NpgsqlConnection usual = (NpgsqlConnection)Dialect.Of(options).OpenWriter();
        NpgsqlConnection connection = new(
            new NpgsqlConnectionStringBuilder(usual.ConnectionString) { CommandTimeout = 1, Password = options.Server!.Password }.ToString());
        connection.Open();
        return connection;
    }
}
