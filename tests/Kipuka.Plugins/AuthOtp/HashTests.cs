using System.Text;
using Kipuka.Plugins.AuthOtp;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>The three hashes (rulings 47, 61).</summary>
public sealed class HashTests
{
    private static readonly byte[] Secret = "xK9mP2vL8qR5wN3jT7fY"u8.ToArray();

    [Theory]
    [InlineData("argon2id")]
    [InlineData("bcrypt")]
    [InlineData("sha256-hmac")]
    public void Only_the_same_secret_matches(string algorithm)
    {
        var stored = SecretHash.Create(algorithm, Secret);
        Assert.True(SecretHash.Matches(stored, Secret));
        Assert.False(SecretHash.Matches(stored, "xK9mP2vL8qR5wN3jT7fZ"u8));
        Assert.False(SecretHash.Matches(stored, Secret.AsSpan(0, 19)));
        Assert.NotEqual(stored.Hash, SecretHash.Create(algorithm, Secret).Hash);
        Assert.Equal(-1, stored.Hash.AsSpan().IndexOf(Secret));
    }

    [Theory]
    [InlineData("argon2id")]
    [InlineData("bcrypt")]
    [InlineData("sha256-hmac")]
    public void The_last_character_of_the_longest_secret_counts(string algorithm)
    {
        var longest = Encoding.ASCII.GetBytes(new string('a', TokenText.LongestSecret));
        var stored = SecretHash.Create(algorithm, longest);
        longest[^1] = (byte)'b';
        Assert.False(SecretHash.Matches(stored, longest));
    }

    [Fact]
    public void Argon2id_is_the_one_of_RFC_9106()
    {
        // From the test file of the reference implementation: version 19, t=2, m=65536, p=1.
        var hash = Argon2Library.Hash("password"u8, "somesalt"u8, 2, 65536, 1);
        Assert.Equal("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7", Convert.ToHexStringLower(hash));
    }

    [Fact]
    public void Bcrypt_is_the_one_of_OpenBSD()
    {
        var hash = CryptLibrary.Hash("U*U"u8, "$2b$05$CCCCCCCCCCCCCCCCCCCCC."u8);
        Assert.Equal("$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", Encoding.ASCII.GetString(hash));
    }

    [Fact]
    public void Ruling_61_the_libraries_of_this_machine_are_found_and_unknown_hashes_are_faults()
    {
        Assert.All(new[] { "argon2id", "bcrypt", "sha256-hmac" }, algorithm => Assert.Null(SecretHash.Missing(algorithm)));
        Assert.Throws<NotSupportedException>(() => SecretHash.Matches(new HashedSecret("md5", [], []), Secret));
    }

    [Theory]
    [InlineData("argon2id", "libargon2-1")]
    [InlineData("bcrypt", "libcrypt1")]
    public void Ruling_61_a_missing_library_is_named_with_its_package_and_the_alternative(string algorithm, string package)
    {
        var sentence = SecretHash.Missing(algorithm, isPresent: false)!;
        Assert.Contains(package, sentence, StringComparison.Ordinal);
        Assert.Contains("sha256-hmac", sentence, StringComparison.Ordinal);
        Assert.Null(SecretHash.Missing(algorithm, isPresent: true));
        Assert.Empty(new OtpPlugin().Check(new OtpSettings { Enabled = true, HashAlgorithm = algorithm }));
    }

    [Theory]
    [InlineData("argon2id")]
    [InlineData("bcrypt")]
    public async Task Tokens_keep_the_hash_they_were_made_with(string algorithm)
    {
        await using var before = await Otp.StartAsync(Otp.Settings with { HashAlgorithm = algorithm });
        var (_, text) = await before.CreateAsync();
        await using var after = await Otp.StartAsync(Otp.Settings, before.Host.Time, before.Host.Memory);
        Assert.IsType<Sdk.Auth.AuthenticationResult.Accepted>(await after.TryAsync(text));
        Otp.Unauthenticated(await after.TryAsync(Otp.Wrong(text)));
    }
}
