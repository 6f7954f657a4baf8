using System.Buffers.Text;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Est;
using Kipuka.Pki;

namespace Kipuka.Tests.Est;

/// <summary>A certificate's name in the path of renewal information, as RFC 9773 section 4.1 makes it.</summary>
public class CertificateIdTests
{
    [Fact]
    public void The_example_of_RFC_9773_section_4_1_is_read()
    {
        var id = CertificateId.Parse("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE")!;
        Assert.Equal("69885b6b87464041e1b37b847ba0ae2cde01c8d4", Convert.ToHexStringLower(id.AuthorityKey.Span));
        Assert.Equal("87654321", id.SerialHex);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.")]
    [InlineData(".AIdlQyE")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE.")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE=")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdl QyE")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.h2VDIQ")] // negative
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AAE")] // a zero too many
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyF")] // bits that say nothing
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByN.AIdlQyE!")]
    [InlineData("aYhba4dGQEHhs3uEe6CuLN4ByNQ.QAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")] // 24 bytes
    public void What_is_no_name_is_not_read(string? text) => Assert.Null(CertificateId.Parse(text));

    [Fact]
    public void Every_key_and_serial_number_reads_back() => Prop.ForAll(
        Arb.From(Gen.Zip(Bytes(64), Bytes(20))),
        pair =>
        {
            var (key, number) = pair;
            var serial = number.SkipWhile(octet => octet == 0).DefaultIfEmpty((byte)0).ToArray();
            byte[] content = serial[0] >= 0x80 ? [0, .. serial] : serial;
            var id = CertificateId.Parse($"{Base64Url.EncodeToString(key)}.{Base64Url.EncodeToString(content)}");
            return id is not null && id.AuthorityKey.Span.SequenceEqual(key) && id.SerialHex == SerialNumbers.Format(content);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_text_makes_it_fail() => Prop.ForAll<string>(text => CertificateId.Parse(text) is null || text.Count(c => c == '.') == 1).QuickCheckThrowOnFailure();

    private static Gen<byte[]> Bytes(int most)
        => Gen.NonEmptyListOf(Gen.Choose(0, 255)).Select(list => list.Take(most).Select(octet => (byte)octet).ToArray());
}
