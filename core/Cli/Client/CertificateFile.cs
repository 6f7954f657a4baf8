using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>Certificates that the operator named a file of.</summary>
internal static class CertificateFile
{
    public static IReadOnlyList<ReadOnlyMemory<byte>> Read(Surroundings surroundings, string path, string what)
    {
        try
        {
            return Pem.ReadCertificates(surroundings.Read(path, what), path);
        }
        catch (MalformedException fault)
        {
            throw CliException.Usage($"{what}: {fault.Message}");
        }
    }

    /// <summary>Anchors for the server's certificate; null, which means the system's, for no file.</summary>
    public static X509Certificate2Collection? ReadAnchors(Surroundings surroundings, string? path, string what = "--cacert")
    {
        if (path is null)
        {
            return null;
        }
        var anchors = new X509Certificate2Collection();
        foreach (var der in Read(surroundings, path, what))
        {
            anchors.Add(X509CertificateLoader.LoadCertificate(der.Span));
        }
        return anchors;
    }
}
