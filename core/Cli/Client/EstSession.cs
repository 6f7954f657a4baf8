using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Cli.Client;

/// <summary>An EST client with all that it holds open.</summary>
internal sealed class EstSession : IDisposable
{
    private readonly SecureHttp http;
    private readonly Deadline deadline;

    public EstSession(
        EstAddress address, X509Certificate2Collection? anchors, BasicCredential? basic, ClientIdentity? identity, Deadline deadline, TimeSpan patience,
        Action<string> tell)
    {
        (this.deadline, Identity, Tell) = (deadline, identity, tell);
        http = new SecureHttp(address.Operation("cacerts"), anchors, identity);
        Client = new EstClient(address, http, basic, deadline, patience, tell);
    }

    public EstClient Client { get; }

    public ClientIdentity? Identity { get; }

    /// <summary>Takes what a person may want to know while it lasts.</summary>
    public Action<string> Tell { get; }

    public DateTimeOffset Now => deadline.Now;

    public void Dispose()
    {
        http.Dispose();
        Identity?.Dispose();
        deadline.Dispose();
    }
}
