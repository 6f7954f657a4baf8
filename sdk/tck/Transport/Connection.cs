using System.Net;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>A transport that listens, a server behind it, and a client before it.</summary>
internal sealed class Connection(Bench<ITransport> bench, ITransport transport, TckServer server, TransportOptions options)
{
    public ITransport Transport => transport;

    public TckServer Server => server;

    public TransportClient Client => options.Client
        ?? throw CheckException.NotApplicable("No client speaks this transport's protocol; give Client in the options.");

    public IPEndPoint Address => server.Listening.Bound.TryPeek(out var address)
        ? address
        : throw CheckException.NotApplicable("The transport acquires no socket of the host; mend that first.");

    public static async Task<Connection> OpenAsync(Bench<ITransport> bench, TransportOptions options, TckServer? server = null)
    {
        server ??= new TckServer();
        var transport = await bench.StartAsync();
        try
        {
            await transport.ListenAsync(server, bench.Cancel);
        }
        catch (Exception fault)
        {
            throw bench.Fault("ListenAsync threw", fault);
        }
        return new Connection(bench, transport, server, options);
    }

    public TransportRequest Request(EstOperation? operation = null, string? label = null)
    {
        var chosen = operation ?? options.Operations[0];
        return new TransportRequest(chosen, label, HasBody(chosen) ? SubjectKeys.NewP256() : default);
    }

    public static bool HasBody(EstOperation operation) => operation is not (EstOperation.CaCerts or EstOperation.CsrAttrs or EstOperation.RenewalInfo);

    public async Task<TransportAnswer> SendAsync(TransportRequest request)
    {
        try
        {
            return await Client.SendAsync(Address, request, bench.Cancel);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !bench.Cancel.IsCancellationRequested)
        {
            throw bench.Fault($"The client got no answer to {request.Operation}", fault);
        }
    }
}
