using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>Gets one certificate and keeps it: the whole of <c>enroll</c> and <c>reenroll</c>, and what quickstart does with itself.</summary>
internal sealed class Enrollment(EstSession session, RequestFiles files)
{
    /// <param name="operation"><c>simpleenroll</c> or <c>simplereenroll</c>.</param>
    /// <returns>The certificate, after it was shown to be right and written to its file.</returns>
    public async Task<IssuedCertificate> RunAsync(string operation, DistinguishedName subject, GeneralNames? names, KeyType type)
    {
        // First, so that a server that is not the right one is never shown a password.
        var authorities = await session.Client.CaCertificatesAsync();
        var request = files.Prepare(subject, names, type, session.Tell);
        IReadOnlyList<ReadOnlyMemory<byte>> received;
        try
        {
            received = await session.Client.EnrollAsync(operation, request);
        }
        catch (RefusedException)
        {
            files.Discard();
            throw;
        }
        var issued = IssuedCertificate.Verify(received, files.ReadKey(), authorities, session.Now);
        files.Finish(issued.Text);
        return issued;
    }
}
