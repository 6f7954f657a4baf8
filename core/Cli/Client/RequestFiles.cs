using System.Security.Cryptography;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>
/// What <c>--out PREFIX</c> writes. The key and the request are on disk before anything is asked: when the answer is late or lost, the same
/// request is sent again, and the server answers it with the same certificate.
/// </summary>
internal sealed class RequestFiles(string prefix)
{
    public string KeyFile => prefix + ".key";

    public string RequestFile => prefix + ".csr";

    public string CertificateFile => prefix + ".pem";

    /// <summary>The request of an earlier run that got no certificate, else a new one with a new key.</summary>
    /// <exception cref="CliException">Files are in the way.</exception>
    public ReadOnlyMemory<byte> Prepare(
        DistinguishedName subject, GeneralNames? names, KeyType type, Action<string> tell,
        Func<PublicKeyInfo, IEnumerable<AsnEncodedData>>? attributes = null)
    {
        if (File.Exists(CertificateFile))
        {
            throw CliException.Usage($"--out: {CertificateFile} exists already, and nothing is ever overwritten: choose another --out");
        }
        if (File.Exists(KeyFile) && File.Exists(RequestFile))
        {
            return Resume(subject, names, tell);
        }
        if (File.Exists(KeyFile))
        {
            throw CliException.Usage($"--out: {KeyFile} exists already, and nothing is ever overwritten: choose another --out");
        }
        using var key = RequestKey.Generate(type);
        var request = key.Request(subject, names, attributes);
        File.Delete(RequestFile); // without its key it is worth nothing
        NewFile.Write(KeyFile, key.Pem, NewFile.OwnerOnly);
        NewFile.Write(RequestFile, Pem.Write("CERTIFICATE REQUEST", request), NewFile.Public);
        return request;
    }

    /// <summary>The private key, to show that the certificate is of it.</summary>
    public string ReadKey() => File.ReadAllText(KeyFile);

    /// <summary>Keeps the certificate; the request has done its work.</summary>
    public void Finish(string certificates)
    {
        NewFile.Write(CertificateFile, certificates, NewFile.Public);
        File.Delete(RequestFile);
    }

    /// <summary>Takes back what <see cref="Prepare"/> made, after an answer that will not change.</summary>
    public void Discard()
    {
        File.Delete(RequestFile);
        File.Delete(KeyFile);
    }

    private ReadOnlyMemory<byte> Resume(DistinguishedName subject, GeneralNames? names, Action<string> tell)
    {
        try
        {
            var earlier = CertificationRequest.Parse(Pem.Read(File.ReadAllBytes(RequestFile))[0].Der);
            if (!earlier.Subject.Equals(subject) || !GeneralNames.Same(earlier.RequestedSan, names))
            {
                throw CliException.Usage($"--out: {RequestFile} is of an earlier run and asks for another name ({earlier.Subject.Text}); "
                    + $"remove it and {KeyFile}, or choose another --out");
            }
            tell($"Sending the request in {RequestFile} again.");
            return earlier.Raw;
        }
        catch (Exception fault) when (fault is MalformedException or ArgumentOutOfRangeException)
        {
            throw CliException.Usage($"--out: {RequestFile} is no certificate request; remove it and {KeyFile}, or choose another --out");
        }
    }
}
