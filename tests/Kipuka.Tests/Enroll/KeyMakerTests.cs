using Kipuka.Enroll;
using Kipuka.Pki;

namespace Kipuka.Tests.Enroll;

public sealed class KeyMakerTests
{
    [Fact]
    public async Task Only_so_many_RSA_keys_are_made_at_once_and_EC_keys_do_not_wait()
    {
        using var maker = new KeyMaker(1, TimeSpan.Zero);
        var making = maker.MakeAsync(KeyType.Rsa(3072), CancellationToken.None);
        Assert.Null(await maker.MakeAsync(KeyType.Rsa(2048), CancellationToken.None));
        using (var ec = await maker.MakeAsync(KeyType.EcdsaP256, CancellationToken.None))
        {
            Assert.Equal(KeyType.EcdsaP256, ec!.PublicKey.KeyType);
        }
        using (var first = await making)
        {
            Assert.Equal(KeyType.Rsa(3072), first!.PublicKey.KeyType);
        }
        using var again = await maker.MakeAsync(KeyType.Rsa(2048), CancellationToken.None);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Who_has_patience_gets_a_key_after_the_others()
    {
        using var maker = new KeyMaker(1, TimeSpan.FromMinutes(5));
        var keys = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => maker.MakeAsync(KeyType.Rsa(2048), CancellationToken.None)));
        Assert.Equal(3, keys.Select(key => Convert.ToHexString(key!.PublicKey.Raw.Span)).Distinct().Count());
        Assert.All(keys, key => key!.Dispose());
    }
}
