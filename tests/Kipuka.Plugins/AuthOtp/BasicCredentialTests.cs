using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthOtp;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>HTTP Basic (RFC 7617), read strictly.</summary>
public sealed class BasicCredentialTests
{
    [Theory]
    [InlineData("dXNlcjpwdw==", "user", "pw")]
    [InlineData(" dXNlcjpwdw==", "user", "pw")]
    [InlineData("OnB3", "", "pw")]
    [InlineData("dTo=", "u", "")]
    [InlineData("dTpwOnc=", "u", "p:w")]
    public void The_first_colon_divides(string value, string user, string password)
    {
        using var basic = BasicCredential.Read(Encoding.ASCII.GetBytes(value));
        Assert.Equal(user, basic!.User);
        Assert.Equal(password, Encoding.UTF8.GetString(basic.Password.Reveal()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("dXNlcg==")]
    [InlineData("dXNlcjpwdw")]
    [InlineData("dXNlcjpwdw=")]
    [InlineData("dXNlcjpwdx==")]
    [InlineData("dXNl cjpwdw==")]
    [InlineData("dXNlcjpwdw== ")]
    [InlineData("dXNlcjpwdw==\n")]
    [InlineData("dXNlcjpwdw==dXNl")]
    [InlineData("dXNlcj_wdw==")]
    [InlineData("/zpwdw==")]
    [InlineData("dQA6cHc=")]
    [InlineData("dTpwCnc=")]
    public void Anything_but_the_one_canonical_form_is_refused(string value)
        => Assert.Null(BasicCredential.Read(Encoding.ASCII.GetBytes(value)));

    [Theory]
    [InlineData(1536, true)]
    [InlineData(1537, false)]
    public void Its_length_is_bounded(int plain, bool read)
    {
        using var basic = BasicCredential.Read(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.ASCII.GetBytes($":{new string('x', plain - 1)}"))));
        Assert.Equal(read, basic is not null);
    }

    [Fact]
    public void Every_pair_without_control_characters_comes_back()
        => Prop.ForAll<NonNull<string>, NonNull<string>>((first, second) =>
        {
            var user = Clean(first.Get).Replace(":", "", StringComparison.Ordinal);
            var password = Clean(second.Get);
            using var basic = BasicCredential.Read(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))));
            return basic is not null && basic.User == user && basic.Password.Matches(Encoding.UTF8.GetBytes(password));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_at_all_make_it_throw()
        => Prop.ForAll<byte[]>(bytes =>
        {
            BasicCredential.Read(bytes ?? [])?.Dispose();
            BasicCredential.Read(Encoding.ASCII.GetBytes(Convert.ToBase64String(bytes ?? [])))?.Dispose();
        }).QuickCheckThrowOnFailure();

    private static string Clean(string text) => new([.. text.Where(character => character is > '\u001f' and not '\u007f' && !char.IsSurrogate(character))]);
}
