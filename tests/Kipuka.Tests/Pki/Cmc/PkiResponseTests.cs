using Kipuka.Pki;
using Kipuka.Pki.Cmc;

namespace Kipuka.Tests.Pki.Cmc;

/// <summary>PKIResponse (RFC 5272 4.2): the client's side reads what the server's writes. That others read it is tested over the wire.</summary>
public sealed class PkiResponseTests
{
    [Fact]
    public void All_that_is_written_is_read()
    {
        var time = new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
        var response = new PkiResponse(
        [
            CmcStatusInfo.Success(1, 4294967295),
            CmcStatusInfo.Failed(CmcFailure.PopFailed, "warum nicht – ü", 2),
            CmcStatusInfo.NoSupport("no", 3),
            new CmcStatusInfo(CmcStatus.Pending, [4]) { Pending = new CmcPending(new byte[] { 1, 2 }, time) },
        ])
        {
            TransactionId = new byte[] { 2, 1, 5 },
            SenderNonce = new byte[] { 6 },
            RecipientNonce = new byte[] { 7 },
            DataReturn = [new byte[] { 8 }, new byte[] { 9 }],
        };
        var read = PkiResponse.Parse(response.Encode());
        Assert.Equal([1u, 4294967295u], read.Statuses[0].BodyParts);
        Assert.Equal((CmcStatus.Failed, CmcFailure.PopFailed, "warum nicht – ü"), (read.Statuses[1].Status, read.Statuses[1].Failure!.Value, read.Statuses[1].Text));
        Assert.Equal(CmcStatus.NoSupport, read.Statuses[2].Status);
        Assert.Equal((time, "0102"), (read.Statuses[3].Pending!.Time, Convert.ToHexString(read.Statuses[3].Pending!.Token.Span)));
        Assert.Equal(["020105", "06", "07", "08", "09"], ((ReadOnlyMemory<byte>?[])[
            read.TransactionId, read.SenderNonce, read.RecipientNonce, .. read.DataReturn]).Select(value => Convert.ToHexString(value!.Value.Span)));
    }

    [Fact]
    public void Any_byte_changed_throws_nothing_but_malformed()
    {
        var bytes = new PkiResponse([CmcStatusInfo.Failed(CmcFailure.BadAlg, "x", 1)]) { TransactionId = new byte[] { 2, 1, 5 } }.Encode();
        for (var index = 0; index < bytes.Length; index++)
        {
            for (var value = 0; value < 256; value++)
            {
                var changed = bytes.ToArray();
                changed[index] = (byte)value;
                try
                {
                    PkiResponse.Parse(changed);
                }
                catch (MalformedException refused)
                {
                    Assert.NotEmpty(refused.Message);
                }
            }
        }
    }
}
