using System.Security.Cryptography;
using Kipuka.Ca;
using Kipuka.Config;
using Kipuka.Enroll;
using Kipuka.Pki;
using Kipuka.Sdk;
using Kipuka.Sdk.Ca;

namespace Kipuka.Tests.Enroll;

/// <summary>What a CA makes itself is used, checked, and never replaced by the server's own.</summary>
public sealed class MadeByTheAuthorityTests
{
    private static readonly Identity Requester = new("test", "device", "device");

    [Fact]
    public async Task A_serial_number_of_the_CA_is_made_positive_and_20_bytes_long_RFC_5280_4_1_2_2()
    {
        var serial = await SerialNumber.NextAsync(Guard(new Maker { Random = bytes => bytes.Fill(0xFF) }));
        Assert.Equal([0x7F, .. Enumerable.Repeat((byte)0xFF, 19)], serial);
        serial = await SerialNumber.NextAsync(Guard(new Maker { Random = bytes => bytes[19] = 1 }));
        Assert.Equal([0x40, .. new byte[18], 1], serial);
    }

    [Fact]
    public async Task A_source_that_fails_or_gives_zeros_is_an_unavailable_CA()
    {
        await Assert.ThrowsAsync<AuthorityUnavailableException>(async () => await SerialNumber.NextAsync(Guard(new Maker { Random = _ => throw new InvalidOperationException("lost") })));
        var fault = await Assert.ThrowsAsync<AuthorityUnavailableException>(async () => await SerialNumber.NextAsync(Guard(new Maker { Random = _ => { } })));
        Assert.Contains("all zero", fault.Message, StringComparison.Ordinal);
        Assert.False(fault.MayHaveIssued);
    }

    [Fact]
    public async Task Serial_numbers_of_the_CA_are_fetched_32_at_a_time_and_none_is_given_twice()
    {
        var calls = 0;
        var authority = Guard(new Maker
        {
            Random = bytes =>
            {
                Interlocked.Increment(ref calls);
                RandomNumberGenerator.Fill(bytes);
            },
        });
        HashSet<string> serials = [];
        for (var taken = 0; taken < 64; taken++)
        {
            Assert.True(serials.Add(Convert.ToHexString(await SerialNumber.NextAsync(authority))));
        }
        Assert.Equal(2, calls);
        // Several that find none left fetch together; what each leaves is still given once.
        var together = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(async () => Convert.ToHexString(await SerialNumber.NextAsync(authority)))));
        Assert.All(together, serial => Assert.True(serials.Add(serial)));
    }

    [Fact]
    public async Task A_key_of_the_CA_is_delivered_and_the_CA_is_told_the_type()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var maker = new Maker { Key = pair, PublicKey = pair.ExportSubjectPublicKeyInfo() };
        using var made = await MakeAsync(maker, KeyType.EcdsaP384);
        Assert.Equal(pair.ExportSubjectPublicKeyInfo(), made!.PublicKey.Raw.ToArray());
        using var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(made.PrivateKey, out _);
        Assert.Equal(pair.ExportParameters(true).D, opened.ExportParameters(true).D);
        Assert.Equal("ecdsa-p384", maker.Asked);
    }

    [Theory]
    [InlineData(256, false, "it is of type ecdsa-p256, not ecdsa-p384")]
    [InlineData(384, true, "its private half does not belong to its public half")]
    public async Task A_key_of_the_CA_that_is_not_what_was_asked_for_is_never_delivered(int bits, bool foreign, string reason)
    {
        var curve = bits == 256 ? ECCurve.NamedCurves.nistP256 : ECCurve.NamedCurves.nistP384;
        using var pair = ECDsa.Create(curve);
        using var other = ECDsa.Create(curve);
        var maker = new Maker { Key = pair, PublicKey = (foreign ? other : pair).ExportSubjectPublicKeyInfo() };
        var fault = await Assert.ThrowsAsync<AuthorityUnavailableException>(() => MakeAsync(maker, KeyType.EcdsaP384));
        Assert.Contains(reason, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kind_that_the_CA_does_not_make_is_said_and_not_made_by_the_server()
    {
        var fault = await Assert.ThrowsAsync<NotSupportedException>(() => MakeAsync(new Maker(), KeyType.EcdsaP256));
        Assert.Equal("no such keys", fault.Message);
    }

    private static async Task<Kipuka.Pki.GeneratedKey?> MakeAsync(Maker maker, KeyType type)
    {
        using var keys = new KeyMaker(1, TimeSpan.Zero);
        return await keys.MakeAsync(type, new KeyOrder(Guard(maker), Guid.NewGuid(), Requester), CancellationToken.None);
    }

    private static GuardedAuthority Guard(Maker maker) => new(new CaConfig { Id = "default" }, "maker", maker, TimeProvider.System);

    private sealed class Maker : ICertificateAuthority, IRandomSource, IKeyGeneration
    {
        public delegate void Fill(Span<byte> bytes);

        public Fill? Random { get; init; }

        public ECDsa? Key { get; init; }

        public byte[] PublicKey { get; init; } = [];

        public string? Asked { get; private set; }

        public ValueTask FillAsync(Memory<byte> bytes, CancellationToken cancel)
        {
            Random!(bytes.Span);
            return default;
        }

        public ValueTask<Kipuka.Sdk.Ca.GeneratedKey> GenerateKeyAsync(Guid transaction, Identity requester, KeySpec spec, CancellationToken cancel)
        {
            Asked = spec.Algorithm;
            return Key is null ? throw new NotSupportedException("no such keys") : new(new Kipuka.Sdk.Ca.GeneratedKey(Secret.Copy(Key.ExportPkcs8PrivateKey()), PublicKey));
        }

        public ValueTask<AuthorityCertificates> GetCertificatesAsync(CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask<IssueResult> IssueAsync(CertificateDraft draft, CancellationToken cancel) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => default;
    }
}
