using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;
using Kipuka.Tests.Ha;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Tests.Ca;

/// <summary>Ruling 54: what an authority that cannot be reached at start was last known by.</summary>
public sealed class LastCertificatesTests
{
    private readonly ManualTime clock = new();
    private readonly CountingStore store;
    private readonly ScriptedAuthority script = new();
    private readonly LastCertificates last;

    public LastCertificatesTests()
    {
        store = new CountingStore(clock);
        last = new LastCertificates(store, clock, NullLogger<LastCertificates>.Instance);
    }

    [Fact]
    public async Task What_is_kept_is_published_by_another_run()
    {
        await last.KeepAsync(await ReachedAsync(), default);
        var next = Guard();
        await new LastCertificates(store, clock, NullLogger<LastCertificates>.Instance).RecallAsync(next, default);
        Assert.Equal(script.Issuer.RawData, Assert.Single(next.PublishedDer).ToArray());
        Assert.False(next.IsConnected);
    }

    [Fact]
    public async Task The_same_again_is_not_written_again_and_a_change_is()
    {
        var authority = await ReachedAsync();
        await last.KeepAsync(authority, default);
        await authority.ConnectAsync(default); // the same bytes in other objects
        await last.KeepAsync(authority, default);
        Assert.Equal(1, store.Writes);
        var other = new ScriptedAuthority().Issuer;
        script.CertificatesCall = _ => new(new AuthorityCertificates(other, [other]));
        await authority.ConnectAsync(default);
        await last.KeepAsync(authority, default);
        Assert.Equal(2, store.Writes);
        var next = Guard();
        await last.RecallAsync(next, default);
        Assert.Equal(other.RawData, next.Issuer.Raw.ToArray());
    }

    // What was recalled must not be taken for what the CA said.
    [Fact]
    public async Task What_has_not_been_reached_is_not_kept()
    {
        var authority = Guard();
        authority.TryPublish(new AuthorityCertificates(script.Issuer, [script.Issuer]));
        await last.KeepAsync(authority, default);
        Assert.Equal(0, store.Writes);
    }

    [Theory]
    [InlineData("other", "scripted")]
    [InlineData("default", "another")]
    public async Task Another_id_or_another_plugin_is_another_CA(string id, string plugin)
    {
        await last.KeepAsync(await ReachedAsync(), default);
        var next = new GuardedAuthority(new CaConfig { Id = id }, plugin, script, clock);
        await last.RecallAsync(next, default);
        Assert.False(next.HasCertificates);
    }

    [Fact]
    public async Task A_holder_of_a_key_has_its_certificates_in_the_configuration_and_nothing_is_kept()
    {
        var authority = new GuardedAuthority(new CaConfig { Id = "default" }, "file", new Holder(script.Issuer), clock);
        await authority.ConnectAsync(default);
        await last.KeepAsync(authority, default);
        Assert.Equal(0, store.Writes);
    }

    // Whoever can write the database can put nothing there that stops the server.
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"Plugin":"scripted","Seen":"2026-01-01T00:00:00Z","Issuer":"AAAA","Published":[]}""")]
    [InlineData("""{"Plugin":"scripted","Seen":"2026-01-01T00:00:00Z","Issuer":null,"Published":null}""")]
    public async Task What_cannot_be_read_is_as_good_as_nothing(string stored)
    {
        await last.KeepAsync(await ReachedAsync(), default);
        await store.WriteAsync(new StoreWrite(store.Key, System.Text.Encoding.UTF8.GetBytes(stored)), default);
        var next = Guard();
        await last.RecallAsync(next, default);
        Assert.False(next.HasCertificates);
    }

    [Fact]
    public async Task A_database_that_is_away_costs_nothing_but_what_it_would_keep()
    {
        var authority = await ReachedAsync();
        store.IsAway = true;
        await last.KeepAsync(authority, default);
        await last.RecallAsync(Guard(), default);
        store.IsAway = false;
        await last.KeepAsync(authority, default);
        Assert.Equal(1, store.Writes);
    }

    private GuardedAuthority Guard() => new(new CaConfig { Id = "default" }, "scripted", script, clock);

    private async Task<GuardedAuthority> ReachedAsync()
    {
        var authority = Guard();
        await authority.ConnectAsync(default);
        return authority;
    }

    private sealed class CountingStore(TimeProvider clock) : IPluginStore
    {
        private readonly MemoryStore inner = new(clock);

        public int Writes { get; private set; }

        public string Key { get; private set; } = "";

        public bool IsAway { get; set; }

        public ValueTask<StoredValue?> GetAsync(string key, CancellationToken cancel) => IsAway ? throw new IOException("away") : inner.GetAsync(key, cancel);

        public ValueTask<bool> WriteAsync(StoreWrite write, CancellationToken cancel)
        {
            if (IsAway) throw new IOException("away");
            (Writes, Key) = (Writes + 1, write.Key);
            return inner.WriteAsync(write, cancel);
        }

        public IAsyncEnumerable<StoredValue> ListAsync(string prefix, CancellationToken cancel) => inner.ListAsync(prefix, cancel);
    }

    private sealed class Holder(X509Certificate2 issuer) : SigningAuthority(new AuthorityCertificates(issuer, [issuer]), SignatureScheme.For(issuer, null, false))
    {
        protected override ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancel) => throw new NotSupportedException();

        public override ValueTask DisposeAsync() => default;
    }
}
