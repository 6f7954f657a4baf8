using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Interop;

/// <summary>A device that wants one certificate for one request, and repeats exactly this request until it has it.</summary>
internal sealed class CrashDevice(KipukaServer server, string name, string? password, X509Certificate2? identity) : IDisposable
{
    private readonly Csr _csr = new($"CN={name}");

    public byte[] Request => _csr.Der;

    public bool HasPassword => password is not null;

    /// <summary>Whether a certificate arrived before the kill.</summary>
    public bool Received { get; private set; }

    /// <summary>The SHA-256 of every certificate that it ever received.</summary>
    public HashSet<string> Certificates { get; } = [];

    /// <summary>Asks once while the server may die at any moment.</summary>
    /// <returns>Whether a certificate came back.</returns>
    public async Task<bool> AskAsync()
    {
        try
        {
            var status = await RepeatAsync();
            Assert.Equal(HttpStatusCode.OK, status);
            return Received = true;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            return false; // The server was killed before, or while, it answered.
        }
    }

    /// <summary>Asks of a server that lives.</summary>
    public async Task<HttpStatusCode> RepeatAsync()
    {
        var answer = await server.EnrollAsync(_csr, password, identity);
        if (answer.Status == HttpStatusCode.OK)
        {
            using var certificate = answer.Certificate;
            Certificates.Add(certificate.GetCertHashString(HashAlgorithmName.SHA256));
        }
        return answer.Status;
    }

    public override string ToString() => name;

    public void Dispose() => _csr.Dispose();
}
