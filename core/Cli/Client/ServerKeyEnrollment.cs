using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>Gets one key with its certificate and keeps both: the whole of <c>serverkeygen</c>.</summary>
/// <param name="session">The connection.</param>
/// <param name="prefix">What the files' names begin with.</param>
/// <param name="wish">How the key shall travel.</param>
internal sealed class ServerKeyEnrollment(EstSession session, string prefix, KeyEncryption.Wish wish)
{
    // The request's own key and the request, until there is an answer: what is sent again has to be the same, and has to open the key.
    private readonly RequestFiles request = new(prefix + ".request");

    /// <summary>Where the result is.</summary>
    public RequestFiles Files { get; } = new(prefix);

    /// <returns>The certificate, after it was shown to be right and written, with its key.</returns>
    public async Task<IssuedCertificate> RunAsync(DistinguishedName subject, GeneralNames? names, KeyType type)
    {
        foreach (var file in (string[])[Files.KeyFile, Files.CertificateFile])
        {
            if (File.Exists(file))
            {
                throw CliException.Usage($"--out: {file} exists already, and nothing is ever overwritten: choose another --out");
            }
        }
        var authorities = await session.Client.CaCertificatesAsync();
        var der = request.Prepare(subject, names, type, session.Tell, wish.Attributes);
        ServerKeyAnswer answer;
        try
        {
            answer = await session.Client.ServerKeyAsync(der);
        }
        catch (RefusedException)
        {
            request.Discard();
            throw;
        }
        using var key = wish.Open(answer, request.ReadKey());
        var pem = Pem.Write("PRIVATE KEY", key.Span);
        var issued = IssuedCertificate.Verify(answer.Certificates, pem, authorities, session.Now);
        NewFile.Write(Files.KeyFile, pem, NewFile.OwnerOnly);
        NewFile.Write(Files.CertificateFile, issued.Text, NewFile.Public);
        request.Discard();
        return issued;
    }
}
