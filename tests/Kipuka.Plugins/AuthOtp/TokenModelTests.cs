using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuthOtp;

namespace Kipuka.Plugins.Tests.AuthOtp;

/// <summary>Ruling 48 against a model: whatever is held, spent, released and left to lapse, in whatever order, never more than max_uses are taken.</summary>
public sealed class TokenModelTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Never_more_uses_are_taken_than_there_are()
        => Prop.ForAll<PositiveInt, byte[]>((uses, steps) =>
        {
            var most = (uses.Get % 4) + 1;
            var token = New(most);
            var now = Start;
            HashSet<Guid> spent = [];
            foreach (var step in steps ?? [])
            {
                var transaction = new Guid(step >> 4, 0, 0, new byte[8]);
                switch (step & 3)
                {
                    case 0:
                        token = token.Hold(transaction, now.AddMinutes(1 + (step >> 6)), now) ?? token;
                        break;
                    case 1 when token.Uses.Any(use => use.Transaction == transaction && use.IsTaken(now)):
                        token = token.Spend(transaction, now);
                        spent.Add(transaction);
                        break;
                    case 2:
                        token = token.Release(transaction);
                        break;
                    default:
                        now += TimeSpan.FromSeconds(30);
                        break;
                }
                if (token.Used(now) > most || token.Used(now) < spent.Count || token.Remaining(now) != most - token.Used(now))
                {
                    return false;
                }
            }
            return spent.All(transaction => token.Uses.Single(use => use.Transaction == transaction).Until is null);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void More_open_enrollments_than_a_value_can_hold_are_a_fault()
    {
        var token = New(1000);
        for (var use = 0; use < 256; use++)
        {
            token = token.Hold(Guid.NewGuid(), Start.AddMinutes(1), Start)!;
        }
        Assert.Throws<InvalidOperationException>(() => token.Hold(Guid.NewGuid(), Start.AddMinutes(1), Start));
        Assert.NotNull(token.Hold(Guid.NewGuid(), Start.AddMinutes(3), Start.AddMinutes(2)));
    }

    private static Token New(int uses) => new()
    {
        Format = Token.CurrentFormat,
        Id = TokenText.NewId(),
        Secret = new HashedSecret(SecretHash.Hmac, [1], [2]),
        Created = Start,
        Expires = Start.AddYears(1),
        MaxUses = uses,
    };
}
