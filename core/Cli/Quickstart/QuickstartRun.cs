namespace Kipuka.Cli.Quickstart;

/// <summary>The server in this process, and what is done with it once it is ready.</summary>
internal sealed class QuickstartRun(IServer server, LocalService service, TextWriter output)
{
    private CliException? failure;

    /// <summary>Serves until it is told to stop.</summary>
    public async Task<int> ServeAsync(TextWriter error, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var result = await RunAsync(ready => ExplainAsync(ready), stop, stopAfter: false);
        return Conclude(result, error);
    }

    /// <summary>Proves that it works, and stops.</summary>
    public async Task<int> OnceAsync(TextWriter error, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var proof = new Proof(service, error.WriteLine);
        var certificate = "";
        var result = Conclude(await RunAsync(async ready => certificate = await proof.RunAsync(ready), stop, stopAfter: true), error);
        if (result == ExitCode.Done && certificate.Length == 0)
        {
            await error.WriteLineAsync("kipuka: stopped before it was done");
            return ExitCode.Failed;
        }
        await output.WriteAsync(certificate);
        return result;
    }

    // Faults of ours end the server in order, and are told after its last line.
    private Task<int> RunAsync(Func<CancellationToken, Task> work, CancellationTokenSource stop, bool stopAfter) =>
        server.RunAsync(new ServerOptions(service.Workspace.ConfigFile, JsonLog: false), async ending =>
        {
            try
            {
                await work(ending);
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                return; // Ctrl-C while it was being explained
            }
            catch (Exception fault) when (fault is CliException or IOException or UnauthorizedAccessException)
            {
                failure = fault as CliException ?? new CliException(fault.Message);
            }
            if (stopAfter || failure is not null)
            {
                await stop.CancelAsync();
            }
        }, stop.Token);

    private int Conclude(int result, TextWriter error)
    {
        if (failure is null)
        {
            return result;
        }
        error.WriteLine($"kipuka: {failure.Message}");
        return failure.ExitCode;
    }

    private async Task ExplainAsync(CancellationToken cancel)
    {
        var password = await service.CreatePasswordAsync(cancel);
        await output.WriteLineAsync(Explanation.Of(service, password));
        await output.FlushAsync(cancel);
    }
}
