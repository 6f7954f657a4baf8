using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Plugins.CaPkcs11;
using Kipuka.Plugins.CaPkcs11.Cryptoki;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kipuka.Plugins.Tests.CaPkcs11;

/// <summary>The threads of a CA, with sessions of SoftHSM2.</summary>
[Collection(InProcessHsm.Tests)]
public sealed class SessionPoolTests(InProcessHsm hsm)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    // A token that was quick has few threads at work, and one of them does not come back.
    [Fact]
    public async Task Who_came_right_behind_a_call_that_hangs_is_served_by_another_thread()
    {
        await using var pool = Pool(2);
        for (var job = 0; job < 200; job++)
        {
            await pool.RunAsync(_ => true, default);
        }
        using var gate = new ManualResetEventSlim();
        var hanging = pool.RunAsync(_ => gate.Wait(Limit), default);
        var behind = Enumerable.Range(0, 5).Select(_ => pool.RunAsync(session => session.Sign(new byte[32]), default)).ToList();
        await Task.WhenAll(behind).WaitAsync(Limit);
        Assert.False(hanging.IsCompleted);
        gate.Set();
        Assert.True(await hanging);
    }

    [Fact]
    public async Task All_of_many_are_served_once_each()
    {
        await using var pool = Pool(4);
        var served = new int[2000];
        await Task.WhenAll(Enumerable.Range(0, served.Length / 100).Select(async client =>
        {
            for (var job = 0; job < 100; job++)
            {
                var number = (client * 100) + job;
                Assert.Equal(number, await pool.RunAsync(_ => Interlocked.Increment(ref served[number]) == 1 ? number : -1, default));
            }
        })).WaitAsync(Limit);
    }

    private SessionPool Pool(int sessions)
    {
        var settings = new Pkcs11CaSettings { Cert = null! };
        hsm.Fill(settings);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(hsm.At("ca.pem"));
        var mechanism = SignatureMechanism.For(HashAlgorithmName.SHA256, null, certificate.PublicKey);
        var name = KeyName.Of(settings);
        var opener = new KeyOpener(Module.Load(InProcessHsm.Library, TimeProvider.System), name.Token, name.Key, new PinSource(settings), mechanism);
        return new SessionPool(new KeyUser(opener, NullLogger.Instance), sessions, TimeProvider.System);
    }
}
