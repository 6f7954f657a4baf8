using Kipuka.Policy;
using static Kipuka.Tests.Policy.PolicySetup;

namespace Kipuka.Tests.Policy;

public class DraftCodecTests
{
    [Fact]
    public void A_draft_comes_back_from_the_ledger_as_it_was()
    {
        var draft = Granted(Approve(Request("CN=device-1,O=Fleet", ["a.example.com"]), Label()));
        var again = DraftCodec.Decode(DraftCodec.Encode(draft));
        Assert.Equal(DraftCodec.Encode(draft), DraftCodec.Encode(again));
        Assert.Equal(
            (draft.Transaction, draft.Profile, draft.NotBefore, draft.NotAfter, Convert.ToHexString(draft.Serial.Span), Convert.ToHexString(draft.SubjectPublicKeyInfo.Span)),
            (again.Transaction, again.Profile, again.NotBefore, again.NotAfter, Convert.ToHexString(again.Serial.Span), Convert.ToHexString(again.SubjectPublicKeyInfo.Span)));
        Assert.Equal(draft.Subject.RawData, again.Subject.RawData);
        Assert.Equal(
            draft.Extensions.Select(extension => (extension.Oid!.Value, extension.Critical, Convert.ToHexString(extension.RawData))),
            again.Extensions.Select(extension => (extension.Oid!.Value, extension.Critical, Convert.ToHexString(extension.RawData))));
    }
}
