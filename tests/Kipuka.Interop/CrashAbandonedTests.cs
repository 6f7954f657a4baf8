using System.Net;

namespace Kipuka.Interop;

/// <summary>A transaction that a kill left open and whose resend window is over.</summary>
public sealed class CrashAbandonedTests
{
    private const int Devices = 60;
    private const int MostKills = 20;

    [Fact]
    public async Task AnAbandonedTransactionFailsInTheLedgerAndTheDeviceGetsANewOneForTheSamePassword()
    {
        // With no window at all, every transaction that is found open is an abandoned one.
        await using var server = await KipukaServer.StartAsync(new ServerSetup { Est = "resend_window = \"0s\"" });
        var (device, transaction) = await LeaveOneOpenAsync(server);
        using (device)
        {
            Assert.Equal(HttpStatusCode.OK, await device.RepeatAsync());
            using var ledger = CrashLedger.Of(server);
            Assert.Contains("abandoned", ledger.ReasonOf(transaction), StringComparison.Ordinal);
            Assert.Equal(2, ledger.TransactionsOf(device.Request));
            Assert.Single(ledger.CertificatesOf(device.Request));
        }
    }

    [Fact]
    public async Task AnAbandonedTransactionDoesNotMakeASingleUsePasswordGoodForTwoCertificates()
    {
        await using var server = await KipukaServer.StartAsync(new ServerSetup { Est = "resend_window = \"0s\"" });
        var (device, _) = await LeaveOneOpenAsync(server);
        using (device)
        {
            Assert.Equal(HttpStatusCode.OK, await device.RepeatAsync());
            Assert.Equal(HttpStatusCode.Unauthorized, await device.RepeatAsync());
            using var ledger = CrashLedger.Of(server);
            Assert.Single(ledger.CertificatesOf(device.Request));
        }
    }

    /// <summary>Kills the server under load until a transaction is left open; the server runs again afterwards.</summary>
    private static async Task<(CrashDevice Device, byte[] Transaction)> LeaveOneOpenAsync(KipukaServer server)
    {
        for (var kill = 0; kill < MostKills; kill++)
        {
            var devices = await Task.WhenAll(Enumerable.Range(0, Devices).Select(async number =>
            {
                var name = $"device-{kill}-{number}";
                return new CrashDevice(server, name, await server.CreatePasswordAsync(name), null);
            }));
            await CrashLoad.EnrollUntilKilledAsync(server, devices, answers: 2 + kill);
            using var left = CrashLedger.CopyOf(server);
            await server.StartProcessAsync();
            if (devices.FirstOrDefault(device => left.OpenTransactionOf(device.Request) is not null) is { } device)
            {
                return (device, left.OpenTransactionOf(device.Request)!);
            }
        }
        throw new InvalidOperationException($"{MostKills} kills left no transaction open.");
    }
}
