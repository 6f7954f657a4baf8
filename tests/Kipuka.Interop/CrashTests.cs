using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>SIGKILL in the middle of 200 parallel enrollments, ten times on the same data.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10;
    private const int Devices = 200;
    private const int PasswordDevices = 40;
    private const int LeastReceived = 20;
    private const int AlsoRepeated = 10;

    private readonly TestAuthority _authority = new("Kipuka Test CA");
    private readonly List<X509Certificate2> _identities = [];

    public void Dispose()
    {
        _identities.ForEach(identity => identity.Dispose());
        _authority.Dispose();
    }

    [Fact]
    public async Task WhateverTheKillHitsEveryDeviceEndsWithExactlyOneCertificateThatIsInTheLedger()
    {
        for (var number = 0; number < Devices - PasswordDevices; number++)
        {
            _identities.Add(_authority.Issue($"CN=device-{number}", usages: ["1.3.6.1.5.5.7.3.2"]));
        }
        await using var server = await KipukaServer.StartAsync(new ServerSetup { Authority = _authority });
        var (received, cut, lost) = (0, 0, 0);
        for (var kill = 0; kill < Kills; kill++)
        {
            var devices = await DevicesAsync(server, kill);
            received += await CrashLoad.EnrollUntilKilledAsync(server, devices, answers: 1 + (kill * 4));
            List<CrashDevice> begun;
            using (var left = CrashLedger.CopyOf(server))
            {
                cut += left.Open > 0 ? 1 : 0;
                begun = devices.FindAll(device => left.TransactionsOf(device.Request) > 0);
                lost += begun.Count(device => !device.Received);
            }
            await server.StartProcessAsync();
            CheckLedger(server, devices);
            // Most others never got as far as the server; a few of them stand for the rest.
            await Task.WhenAll(begun.Concat(devices.Except(begun).Take(AlsoRepeated)).Select(CheckRepeatAsync));
            CheckLedger(server, devices);
            devices.ForEach(device => device.Dispose());
        }
        Assert.True(received >= LeastReceived, $"only {received} certificates were received before the kills: the test shows nothing");
        Assert.True(cut > 0, "no kill landed between the ledger's open and close: the test shows nothing");
        Assert.True(lost > 0, "no answer was lost: the test shows nothing");
    }

    private async Task<List<CrashDevice>> DevicesAsync(KipukaServer server, int kill)
    {
        var names = Enumerable.Range(0, PasswordDevices).Select(number => $"first-{kill}-{number}").ToList();
        var passwords = await Task.WhenAll(names.Select(name => server.CreatePasswordAsync(name)));
        return
        [
            .. names.Zip(passwords, (name, password) => new CrashDevice(server, name, password, null)),
            .. _identities.Select((identity, number) => new CrashDevice(server, $"device-{number}", null, identity)),
        ];
    }

    /// <summary>The device gets its certificate, or has it: then the server may know that, and a used-up password opens nothing any more.</summary>
    private static async Task CheckRepeatAsync(CrashDevice device)
    {
        var status = await device.RepeatAsync();
        Assert.True(
            status == HttpStatusCode.OK || (status == HttpStatusCode.Unauthorized && device is { Received: true, HasPassword: true }),
            $"{device}: {status}, received before: {device.Received}");
    }

    private static void CheckLedger(KipukaServer server, List<CrashDevice> devices)
    {
        using var ledger = CrashLedger.Of(server);
        Assert.Null(ledger.FindJournalFault());
        foreach (var device in devices)
        {
            var issued = ledger.CertificatesOf(device.Request);
            Assert.True(issued.Count <= 1, "two certificates for one request");
            Assert.True(ledger.TransactionsOf(device.Request) <= 1, "two transactions for one request");
            Assert.True(device.Certificates.Count <= 1, "a device received two certificates for one request");
            Assert.All(device.Certificates, hash => Assert.Equal(hash, Convert.ToHexString(SHA256.HashData(Assert.Single(issued)))));
        }
    }
}
