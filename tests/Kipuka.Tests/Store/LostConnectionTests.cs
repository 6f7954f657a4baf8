namespace Kipuka.Tests.Store;

/// <summary>The writer's connection breaks at the worst moments.</summary>
[Collection("postgres")]
public sealed class LostConnectionTests(PostgresEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task A_write_whose_connection_broke_before_its_commit_is_done_again_once()
    {
        await using StoreFixture store = await OpenAsync();
        int runs = 0;
        await store.Database.WriteAsync(
            batch =>
            {
                store.Journal.Append(batch, [StoreFixture.Event("once")]);
                batch.Session.Flush();
                return ++runs == 1 ? batch.Session.Number("SELECT 1 WHERE pg_terminate_backend(pg_backend_pid())") : 0;
            },
            default);
        Assert.Equal(2, runs);
        Assert.Equal((1, true), await store.VerdictAsync());
    }

    [Fact]
    public async Task A_commit_that_broke_is_looked_up_and_what_was_not_committed_is_done_again_once()
    {
        await using StoreFixture store = await OpenAsync();
        // At the first COMMIT, and at no other: what a sequence has counted stays counted.
        store.Run(
            """
            CREATE SEQUENCE cuts;
            CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('cuts') = 1 THEN
                    PERFORM pg_terminate_backend(pg_backend_pid());
                    PERFORM pg_sleep(10);
                END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON audit_log DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut();
            """);
        await store.Journal.AppendAsync([StoreFixture.Event("once")], default);
        Assert.Equal((1, true), await store.VerdictAsync());
        await store.Journal.AppendAsync([StoreFixture.Event("next")], default);
        Assert.Equal((2, true), await store.VerdictAsync());
    }
}
