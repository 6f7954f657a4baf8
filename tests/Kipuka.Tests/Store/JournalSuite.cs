using System.Data.Common;
using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Sdk.Audit;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

public abstract class JournalSuite(StoreEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task A_record_comes_back_whole_with_its_place_in_the_chain()
    {
        await using StoreFixture store = await OpenAsync();
        store.Clock.Now = store.Clock.Now.AddTicks(1234567);
        int signals = 0;
        store.Journal.Appended += () => Interlocked.Increment(ref signals);
        AuditRecord record = new("cert.issued", "CertIssue", false)
        {
            Actor = "mtls:CN=ü",
            Source = IPAddress.Parse("2001:db8::1"),
            Label = "iot",
            Authority = "ca-1",
            Serial = "0a",
            Fields = new Dictionary<string, string> { ["subject"] = "CN=\"x\"", ["a"] = "" },
        };
        await store.Journal.AppendAsync([record, StoreFixture.Event("second")], default);

        IReadOnlyList<AuditEvent> read = await store.Journal.ReadAsync("node-1", 0, 10, default);
        AuditEvent first = read[0];
        Assert.Equal(1, first.Sequence);
        Assert.Equal(store.Clock.Now.Ticks / 10, first.Time.Ticks / 10);
        Assert.Equal(0, first.Time.Ticks % 10);
        Assert.Equal(
            (record.Name, record.Niap, record.Success, record.Actor, record.Source, record.Label, record.Authority, record.Serial),
            (first.Name, first.Niap, first.Success, first.Actor, first.Source, first.Label, first.Authority, first.Serial));
        Assert.Equal(record.Fields.OrderBy(field => field.Key), first.Fields);
        Assert.Equal(new byte[32], first.PreviousHash.ToArray());
        Assert.Equal(first.Hash.ToArray(), read[1].PreviousHash.ToArray());
        Assert.Null(read[1].Source);
        Assert.Single(await store.Journal.ReadAsync("node-1", 1, 10, default));
        Assert.Single(await store.Journal.ReadAsync("node-1", 0, 1, default));
        Assert.Equal(1, signals);
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'otp:somebody' WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET time = time + 1 WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET success = 0 WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET label = '' WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET details = '{\"a\":\"b\"}' WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET details = 'no json' WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET source_ip = 'no address' WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET time = 9223372036854775807 WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET hash = previous_hash WHERE sequence = 5", 5)]
    [InlineData("UPDATE audit_log SET previous_hash = hash WHERE sequence = 5", 5)]
    [InlineData("DELETE FROM audit_log WHERE sequence = 5", 5)]
    [InlineData("DELETE FROM audit_log WHERE sequence = 1", 1)]
    [InlineData("DELETE FROM audit_log WHERE sequence BETWEEN 3 AND 7", 3)]
    [InlineData("UPDATE audit_log SET sequence = -sequence WHERE sequence IN (4, 5); " +
                "UPDATE audit_log SET sequence = CASE sequence WHEN -4 THEN 5 ELSE 4 END WHERE sequence < 0", 4)]
    [InlineData("DELETE FROM audit_log WHERE sequence = 5; UPDATE audit_log SET sequence = sequence - 1 WHERE sequence = 6", 5)]
    [InlineData("UPDATE audit_log SET node = 'node-2' WHERE sequence = 10", 1)]
    public async Task What_was_changed_moved_or_removed_is_named(string sql, long sequence)
    {
        await using StoreFixture store = await OpenAsync();
        for (int i = 1; i <= 10; i++)
        {
            await store.Journal.AppendAsync([StoreFixture.Event($"step.{i}")], default);
        }

        Assert.Equal((10, true), await store.VerdictAsync());
        await store.TamperAsync(Engine.DropGuards + sql);
        JournalVerdict verdict = await store.Journal.VerifyAsync(null, null, null, default);
        Assert.False(verdict.IsIntact);
        Assert.Equal(sequence, verdict.Fault!.Sequence);
    }

    [Theory]
    [InlineData("UPDATE audit_log SET actor = 'x'")]
    [InlineData("DELETE FROM audit_log")]
    [InlineData("UPDATE certificates SET subject = 'CN=other'")]
    [InlineData("DELETE FROM certificates")]
    public async Task The_schema_itself_refuses_to_rewrite_history(string sql)
    {
        await using StoreFixture store = await OpenAsync();
        await store.IssueAsync("01");
        await Assert.ThrowsAnyAsync<DbException>(() => store.TamperAsync(sql));
    }

    [Fact]
    public async Task Each_node_has_its_own_chain()
    {
        await using StoreFixture store = await OpenAsync();
        await store.Journal.AppendAsync([StoreFixture.Event("a"), StoreFixture.Event("b")], default);
        await store.ReopenAsync(store.Options with { Node = "node-2" });
        await store.Journal.AppendAsync([StoreFixture.Event("c")], default);
        Assert.Equal(1, (await store.Journal.ReadAsync("node-2", 0, 10, default)).Single().Sequence);
        Assert.Equal((3, true), await store.VerdictAsync());
    }

    // What clients send ends up in these texts: none of it may make the chain look forged.
    [Fact]
    public async Task Whatever_the_texts_hold_the_chain_verifies()
    {
        Gen<string> text = Gen.ArrayOf(Gen.OneOf(
            Gen.Choose(0, 0x7f).Select(c => (char)c), Gen.Choose(0x80, 0xffff).Select(c => (char)c))).Select(chars => new string(chars));
        Gen<AuditRecord> record =
            from actor in text
            from label in text
            from name in text
            from value in text
            select new AuditRecord("x", "X", true) { Actor = actor, Label = label, Fields = new Dictionary<string, string> { [name] = value } };
        AuditRecord[] worst = [.. ((string[])["", "\0", "a\0b", "\ud800", "\udc00x", "\u2028\"\\", "\ufeff", "\uffff"]).Select(
            text => new AuditRecord("x", "X", true) { Actor = text, Serial = text, Fields = new Dictionary<string, string> { [text] = text } })];
        await using StoreFixture store = await OpenAsync(inMemory: true);
        Assert.True(Verifies(store, worst));
        Prop.ForAll(Gen.ArrayOf(record, 20).ToArbitrary(), records => Verifies(store, records))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(50));

        static bool Verifies(StoreFixture store, AuditRecord[] records) => Task.Run(async () =>
        {
            await store.Journal.AppendAsync(records, default);
            return (await store.Journal.VerifyAsync(null, null, null, default)).Fault is null;
        }).GetAwaiter().GetResult();
    }
}
