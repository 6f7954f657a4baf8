using Kipuka.Store;

namespace Kipuka.Tests.Store;

public sealed class LedgerKeyTests
{
    [Fact]
    public void Requests_that_differ_in_one_thing_have_different_texts_and_equal_ones_the_same()
    {
        var key = new LedgerKey("otp:1", "iot", new byte[] { 1, 2 });
        LedgerKey[] others = [key with { Identity = "otp:2" }, key with { Label = "" }, key with { RequestHash = new byte[] { 1, 3 } }];
        Assert.All(others, other => Assert.NotEqual(key.ToString(), other.ToString()));
        Assert.Equal(key.ToString(), (key with { RequestHash = new byte[] { 1, 2 } }).ToString());
    }
}
