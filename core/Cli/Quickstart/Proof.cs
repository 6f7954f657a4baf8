using Kipuka.Cli.Client;
using Kipuka.Pki;

namespace Kipuka.Cli.Quickstart;

/// <summary>Enrolls and renews as a device would, over the real port; every answer is verified on the way.</summary>
internal sealed class Proof(LocalService service, Action<string> tell)
{
    private static readonly DistinguishedName Subject = DistinguishedName.Create((Oids.CommonName, LocalService.Device));

    /// <returns>The renewed certificate, PEM.</returns>
    public async Task<string> RunAsync(CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("kipuka-"); // mode 0700
        try
        {
            var (first, second) = (new RequestFiles(Path.Combine(folder.FullName, "first")), new RequestFiles(Path.Combine(folder.FullName, "second")));
            var basic = new BasicCredential(LocalService.Device, await service.CreatePasswordAsync(cancel));
            var enrolled = await EnrollAsync("simpleenroll", basic, null, first, cancel);
            tell($"Enrolled: {enrolled.Fields.Subject.Text}, serial {enrolled.Fields.SerialHex}");
            var renewed = await EnrollAsync("simplereenroll", null, service.ReadIdentity(first), second, cancel);
            tell($"Renewed with a new key: {renewed.Fields.Subject.Text}, serial {renewed.Fields.SerialHex}");
            return renewed.Text;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<IssuedCertificate> EnrollAsync(
        string operation, BasicCredential? basic, ClientIdentity? identity, RequestFiles files, CancellationToken cancel)
    {
        using var session = service.OpenEst(basic, identity, tell, cancel);
        return await new Enrollment(session, files).RunAsync(operation, Subject, null, KeyType.EcdsaP256);
    }
}
