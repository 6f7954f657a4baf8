using FsCheck;
using FsCheck.Fluent;
using Kipuka.Config.Binding;
using Kipuka.Sdk;

namespace Kipuka.Tests.Config;

public sealed class ConfigPropertyTests
{
    private const long MostSeconds = long.MaxValue / TimeSpan.TicksPerSecond;

    // Small numbers and large ones, each often.
    private static readonly Gen<long> Counts =
        Gen.Zip(Gen.Zip(Gen.Choose(0, int.MaxValue), Gen.Choose(0, int.MaxValue)), Gen.Choose(0, 62))
            .Select(x => (((long)x.Item1.Item1 << 31) | (long)x.Item1.Item2) >> x.Item2);

    private static readonly Gen<string> Junk = Texts("0123456789dhmsBKMG -+.,e");

    private static readonly Gen<string> Names = Texts("abc_");

    [Fact]
    public void A_duration_reads_as_it_is_written()
        => Holds(Counts.Select(s => s % (MostSeconds + 1)),
            s => Durations.TryParse(Durations.Format(TimeSpan.FromSeconds(s)), out var back) && back == TimeSpan.FromSeconds(s));

    [Fact]
    public void Nothing_that_looks_like_a_duration_throws_or_is_negative()
        => Holds(Junk, text => !Durations.TryParse(text, out var duration) || duration >= TimeSpan.Zero);

    [Fact]
    public void A_size_reads_as_it_is_written()
        => Holds(Counts, b => Sizes.TryParse(new ByteSize(b).ToString(), out var back) && back.Bytes == b);

    [Fact]
    public void Nothing_that_looks_like_a_size_throws_or_is_negative()
        => Holds(Junk, text => !Sizes.TryParse(text, out var size) || size.Bytes >= 0);

    [Fact]
    public void The_distance_is_one_that_measures()
        => Holds(Gen.Zip(Names, Names), pair =>
        {
            var (a, b) = pair;
            var distance = NearestName.Distance(a, b);
            return distance == NearestName.Distance(b, a)
                && (distance == 0) == (a == b)
                && distance >= Math.Abs(a.Length - b.Length)
                && distance <= Math.Max(a.Length, b.Length);
        });

    [Fact]
    public void One_slip_is_always_forgiven()
        => Holds(Gen.Choose(0, "max_validity_days".Length - 2), at =>
        {
            const string Name = "max_validity_days";
            var swapped = $"{Name[..at]}{Name[at + 1]}{Name[at]}{Name[(at + 2)..]}";
            string[] slips = [Name.Remove(at, 1), Name.Insert(at, "x"), swapped, Name.ToUpperInvariant(), Name.Replace('_', '-')];
            return slips.All(slip => NearestName.Find(slip, ["validity_days", Name, "id"]) == Name);
        });

    [Fact]
    public void What_is_found_is_a_name_and_the_nearest()
        => Holds(Gen.Zip(Names, Gen.ListOf(Names)), pair =>
        {
            var (wrong, names) = pair;
            var found = NearestName.Find(wrong, names);
            if (found is null) return true;
            var distance = NearestName.Distance(wrong, found);
            return names.Contains(found) && names.All(n => NearestName.Distance(wrong, n) >= distance);
        });

    [Theory]
    [InlineData("0s", 0)]
    [InlineData("30s", 30)]
    [InlineData("15m", 900)]
    [InlineData("1h30m", 5400)]
    [InlineData("7d", 604800)]
    [InlineData("1d1h1m1s", 90061)]
    public void Durations_have_units(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("30")]
    [InlineData("s")]
    [InlineData("30 s")]
    [InlineData("-30s")]
    [InlineData("1.5h")]
    [InlineData("30m1h")]
    [InlineData("1h1h")]
    [InlineData("30S")]
    [InlineData("1w")]
    [InlineData("١s")]
    [InlineData("9223372036854775807s")]
    [InlineData("99999999999d")]
    [InlineData("99999999999999999999s")]
    [InlineData("106751991167d")]
    public void Other_durations_are_refused(string text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData("512B", 512)]
    [InlineData("1KB", 1024)]
    [InlineData("2MB", 2 << 20)]
    [InlineData("1GB", 1 << 30)]
    public void Sizes_have_units(string text, long bytes)
    {
        Assert.True(Sizes.TryParse(text, out var size));
        Assert.Equal(bytes, size.Bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("MB")]
    [InlineData("1 MB")]
    [InlineData("1mb")]
    [InlineData("1TB")]
    [InlineData("-1B")]
    [InlineData("8589934592GB")]
    [InlineData("9223372036854775808B")]
    public void Other_sizes_are_refused(string text) => Assert.False(Sizes.TryParse(text, out _));

    private static Gen<string> Texts(string characters) => Gen.ArrayOf(Gen.Elements(characters.ToCharArray())).Select(c => new string(c));

    private static void Holds<T>(Gen<T> gen, Func<T, bool> property)
        => Prop.ForAll(Arb.From(gen), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));
}
