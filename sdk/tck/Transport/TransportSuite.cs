using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>The checks of the kind <c>transport</c>.</summary>
public static class TransportSuite
{
    /// <summary>Runs the suite over a plugin and its settings.</summary>
    public static Task<TckReport> RunAsync<TSettings>(
        Plugin<ITransport, TSettings> plugin, TSettings settings, TransportOptions? options = null, CancellationToken cancel = default)
        where TSettings : class
        => RunAsync(TckSubject.Of(plugin, settings), options, cancel);

    /// <summary>Runs the suite over a subject.</summary>
    public static Task<TckReport> RunAsync(TckSubject<ITransport> subject, TransportOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new TransportOptions();
        var answers = new TransportAnswerChecks(options);
        var life = new TransportLifeChecks(options);
        return new Suite<ITransport>("transport", subject, options).AddStart()
            .Add("listens", life.ListensAsync)
            .Add("own-sockets", TransportLifeChecks.OwnSocketsAsync)
            .Add("requests", answers.RequestsAsync)
            .Add("statuses", answers.StatusesAsync)
            .Add("contents", answers.ContentsAsync)
            .Add("parts", answers.PartsAsync)
            .Add("written", answers.WrittenAsync)
            .Add("not-written", answers.NotWrittenAsync)
            .Add("disposes-answers", answers.DisposesAsync)
            .Add("concurrency", answers.ConcurrencyAsync)
            .Add("drain", life.DrainAsync)
            .Add("unbind-cancel", life.UnbindCancelAsync)
            .Add("port", TransportLifeChecks.PortAsync)
            .Add("takeover", life.TakeoverAsync)
            .Add("cancel", TransportLifeChecks.CancelAsync)
            .Add("after-dispose", TransportLifeChecks.AfterDisposeAsync)
            .AddEnd((bench, transport, _) => UseAsync(options, bench, transport))
            .RunAsync(cancel);
    }

    private static async Task UseAsync(TransportOptions options, Bench<ITransport> bench, ITransport transport)
    {
        var server = new TckServer();
        await transport.ListenAsync(server, bench.Cancel);
        if (options.Client is { } client && server.Listening.Bound.TryPeek(out var address))
        {
            await client.SendAsync(address, new TransportRequest(options.Operations[0], null, default), bench.Cancel);
        }
        await transport.UnbindAsync(bench.Cancel);
    }
}
