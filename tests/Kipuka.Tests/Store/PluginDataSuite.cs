using FsCheck;
using FsCheck.Fluent;
using Kipuka.Sdk;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

public abstract class PluginDataSuite(StoreEngine engine) : StoreSuite(engine)
{
    [Fact]
    public async Task A_write_and_its_record_are_both_there_or_neither()
    {
        await using StoreFixture store = await OpenAsync();
        PluginWrite first = new("a", new StoreWrite("k", new byte[] { 1 }, IfVersion: 0));
        Assert.True(await store.Plugins.WriteAsync(first, store.Journal, [StoreFixture.Event("otp.created")], default));
        Assert.False(await store.Plugins.WriteAsync(first, store.Journal, [StoreFixture.Event("otp.created")], default));
        Assert.Equal(1, (await store.Journal.VerifyAsync(null, null, null, default)).Records);
        Assert.Equal(1, (await store.Plugins.For("a").GetAsync("k", default))!.Version);

        // A record that cannot be written takes the write with it.
        AuditRecord unwritable = StoreFixture.Event("otp.created") with { Name = null! };
        await Assert.ThrowsAnyAsync<Exception>(
            () => store.Plugins.WriteAsync(new PluginWrite("a", new StoreWrite("other", new byte[] { 1 })), store.Journal, [unwritable], default));
        Assert.Null(await store.Plugins.For("a").GetAsync("other", default));
        Assert.True(await store.Plugins.WriteAsync(
            new PluginWrite("a", new StoreWrite("other", new byte[] { 1 })), store.Journal, [StoreFixture.Event("otp.created")], default));
        Assert.NotNull(await store.Plugins.For("a").GetAsync("other", default));
    }

    [Fact]
    public async Task Instances_do_not_see_each_others_keys()
    {
        await using StoreFixture store = await OpenAsync();
        await store.Plugins.For("a").WriteAsync(new StoreWrite("k", new byte[] { 1 }), default);
        Assert.Null(await store.Plugins.For("b").GetAsync("k", default));
        Assert.True(await store.Plugins.For("b").WriteAsync(new StoreWrite("k", ReadOnlyMemory<byte>.Empty, IfVersion: 0), default));
        Assert.Equal(0, (await store.Plugins.For("b").GetAsync("k", default))!.Value.Length);
        Assert.Equal(1, (await store.Plugins.For("a").GetAsync("k", default))!.Value.Length);
    }

    [Fact]
    public async Task A_list_has_every_key_with_the_prefix_in_order_over_many_pages()
    {
        await using StoreFixture store = await OpenAsync();
        IPluginStore plugin = store.Plugins.For("a");
        string[] keys = [.. Enumerable.Range(0, 250).Select(i => $"t/{i:d4}")];
        await Task.WhenAll(keys.Concat(["s", "t", "t0", "u/1", "T/1"]).Select(
            key => plugin.WriteAsync(new StoreWrite(key, new byte[] { 1 }), default).AsTask()));
        Assert.Equal(keys, await Keys("t/"));
        Assert.Equal(255, (await Keys("")).Count);
        Assert.Empty(await Keys("x"));

        async Task<List<string>> Keys(string prefix)
        {
            List<string> found = [];
            await foreach (StoredValue value in plugin.ListAsync(prefix, default))
            {
                found.Add(value.Key);
            }

            return found;
        }
    }

    [Fact]
    public async Task What_expired_is_invisible_at_once_and_swept_by_later_writes()
    {
        await using StoreFixture store = await OpenAsync();
        IPluginStore plugin = store.Plugins.For("a");
        for (int i = 0; i < 100; i++)
        {
            await plugin.WriteAsync(new StoreWrite($"k{i}", new byte[] { 1 }, Expires: store.Clock.Now.AddMinutes(5)), default);
        }

        store.Clock.Now = store.Clock.Now.AddMinutes(5);
        Assert.Null(await plugin.GetAsync("k1", default));
        await foreach (StoredValue value in plugin.ListAsync("", default))
        {
            Assert.Fail(value.Key);
        }

        await plugin.WriteAsync(new StoreWrite("x", new byte[] { 1 }), default);
        Assert.Equal(37, await Rows());
        await plugin.WriteAsync(new StoreWrite("x", new byte[] { 1 }), default);
        Assert.Equal(1, await Rows());

        Task<long?> Rows() => store.Database.ReadAsync(session => session.Number("SELECT COUNT(*) FROM plugin_data"), default);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("ä")]
    [InlineData("a%")]
    [InlineData("toolong")]
    public async Task A_bad_key_is_refused(string key)
    {
        await using StoreFixture store = await OpenAsync(inMemory: true);
        key = key == "toolong" ? new string('k', 201) : key;
        IPluginStore plugin = store.Plugins.For("a");
        await Assert.ThrowsAsync<ArgumentException>(async () => await plugin.GetAsync(key, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await plugin.WriteAsync(new StoreWrite(key, new byte[1]), default));
        await Assert.ThrowsAsync<ArgumentException>(
            async () => await plugin.WriteAsync(new StoreWrite("large", new byte[64 * 1024 + 1]), default));
        Assert.True(await plugin.WriteAsync(new StoreWrite(new string('k', 200), new byte[64 * 1024]), default));
    }

    [Fact]
    public async Task Of_many_compare_and_sets_on_one_version_one_wins()
    {
        await using StoreFixture store = await OpenAsync();
        IPluginStore plugin = store.Plugins.For("a");
        await plugin.WriteAsync(new StoreWrite("n", BitConverter.GetBytes(0)), default);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(async () =>
        {
            for (int done = 0; done < 10;)
            {
                StoredValue seen = (await plugin.GetAsync("n", default))!;
                byte[] next = BitConverter.GetBytes(BitConverter.ToInt32(seen.Value.Span) + 1);
                done += await plugin.WriteAsync(new StoreWrite("n", next, seen.Version), default) ? 1 : 0;
            }
        })));
        StoredValue last = (await plugin.GetAsync("n", default))!;
        Assert.Equal((200, 201L), (BitConverter.ToInt32(last.Value.Span), last.Version));
    }

    // Any sequence of writes, deletes, conditions, expiries and time that passes gives what a dictionary gives.
    [Fact]
    public async Task The_store_equals_its_model()
    {
        Gen<Step> step =
            from key in Gen.Elements("a", "b", "b/c")
            from delete in Gen.Elements(false, false, true)
            from content in Gen.Choose(0, 255)
            from condition in Gen.Elements<long?>(null, null, 0, 1, 2, 3)
            from life in Gen.Elements<int?>(null, null, 1, 3, -1)
            from pause in Gen.Elements(0, 0, 1, 2)
            select new Step(key, delete ? null : [(byte)content], condition, life, pause);
        await using StoreFixture store = await OpenAsync(inMemory: true);
        int instances = 0;
        Prop.ForAll(Gen.ArrayOf(step, 60).ToArbitrary(), steps => Task.Run(() => Agrees(store, $"a{instances++}", steps)).GetAwaiter().GetResult())
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(Engine.IsFast ? 60 : 20));
    }

    private static async Task<bool> Agrees(StoreFixture store, string instance, Step[] steps)
    {
        IPluginStore plugin = store.Plugins.For(instance);
        Dictionary<string, StoredValue> model = [];
        foreach (Step step in steps)
        {
            store.Clock.Now = store.Clock.Now.AddSeconds(step.Pause);
            foreach (string gone in model.Where(pair => pair.Value.Expires <= store.Clock.Now).Select(pair => pair.Key).ToList())
            {
                model.Remove(gone);
            }

            DateTimeOffset? expires = step.Life is { } life ? store.Clock.Now.AddSeconds(life) : null;
            // Not left to the conversion, which makes an empty value of a null array.
            ReadOnlyMemory<byte>? value = step.Value is null ? default(ReadOnlyMemory<byte>?) : step.Value;
            bool expected = step.Condition is null || step.Condition == (model.GetValueOrDefault(step.Key)?.Version ?? 0);
            bool written = await plugin.WriteAsync(new StoreWrite(step.Key, value, step.Condition, expires), default);
            if (expected && step.Value is null)
            {
                model.Remove(step.Key);
            }
            else if (expected)
            {
                model[step.Key] = new StoredValue(step.Key, step.Value, (model.GetValueOrDefault(step.Key)?.Version ?? 0) + 1, expires);
                if (expires <= store.Clock.Now)
                {
                    model.Remove(step.Key);
                }
            }

            if (written != expected || !await Same(plugin, model))
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<bool> Same(IPluginStore plugin, Dictionary<string, StoredValue> model)
    {
        List<string> listed = [];
        await foreach (StoredValue value in plugin.ListAsync("", default))
        {
            listed.Add(value.Key);
            StoredValue? got = await plugin.GetAsync(value.Key, default);
            StoredValue? expected = model.GetValueOrDefault(value.Key);
            if (expected is null || got is null || got.Version != expected.Version || got.Expires != expected.Expires
                || !got.Value.Span.SequenceEqual(expected.Value.Span))
            {
                return false;
            }
        }

        return listed.SequenceEqual(model.Keys.Order(StringComparer.Ordinal));
    }

    private sealed record Step(string Key, byte[]? Value, long? Condition, int? Life, int Pause);
}
