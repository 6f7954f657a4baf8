using System.Security.Cryptography;
using Kipuka.Sdk.Transport;

namespace Kipuka.Sdk.Tck;

/// <summary>What goes from the client to the EST service, and what comes back.</summary>
internal sealed class TransportAnswerChecks(TransportOptions options)
{
    private const int Parallel = 64;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task RequestsAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        foreach (var operation in options.Operations)
        {
            foreach (var label in (string?[])[null, "devices", "a-b_c.1"])
            {
                connection.Server.Requests.Clear();
                var request = connection.Request(operation, label);
                await connection.SendAsync(request);
                if (connection.Server.Requests.ToArray() is not [var arrived])
                {
                    throw CheckException.Failed($"For one {operation} of a client the EST service was called {connection.Server.Requests.Count} times.");
                }
                if (arrived.Operation != operation || arrived.Label != label)
                {
                    throw CheckException.Failed($"{operation} under the label {label ?? "(none)"} arrived as {arrived.Operation} under {arrived.Label ?? "(none)"}.");
                }
                var right = Connection.HasBody(operation) ? arrived.Body is EstBody.Der der && der.Bytes.Span.SequenceEqual(request.Body.Span) : arrived.Body is EstBody.None;
                if (!right)
                {
                    throw CheckException.Failed($"The body of {operation} arrived as {arrived.Body.GetType().Name}, not as the client's DER (or None, where there is none).");
                }
                if (arrived.Peer.Address is null)
                {
                    throw CheckException.Failed("The request has no address of its peer.");
                }
            }
        }
    }

    public async Task StatusesAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        foreach (var status in Enum.GetValues<EstStatus>())
        {
            connection.Server.Answer = (_, _) => new(Answer(status));
            var answer = await connection.SendAsync(connection.Request());
            if (answer.Status != status)
            {
                throw CheckException.Failed($"The status {status} arrived as {answer.Status}. Every status needs a code of its own.");
            }
        }
    }

    public async Task ContentsAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        foreach (var content in Enum.GetValues<EstContent>())
        {
            foreach (var size in (int[])[1, 2, 3, 700, 70_000])
            {
                var bytes = RandomNumberGenerator.GetBytes(size);
                connection.Server.Answer = (_, _) => new(new EstResponse(EstStatus.Ok, content, bytes));
                var answer = await connection.SendAsync(connection.Request());
                if (answer.Parts is not [var part] || part.Content != content || !part.Bytes.Span.SequenceEqual(bytes))
                {
                    throw CheckException.Failed($"{size} bytes of {content} arrived as {Describe(answer)}.");
                }
            }
        }
    }

    public async Task PartsAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        var (key, certificate) = (RandomNumberGenerator.GetBytes(1200), RandomNumberGenerator.GetBytes(900));
        connection.Server.Answer = (_, _) => new(new EstResponse(
            EstStatus.Ok, [new EstPart(EstContent.PrivateKey, Secret.Copy(key)), new EstPart(EstContent.CertsOnly, certificate)]));
        var answer = await connection.SendAsync(connection.Request());
        if (answer.Parts is not [var first, var second] || first.Content != EstContent.PrivateKey || second.Content != EstContent.CertsOnly
            || !first.Bytes.Span.SequenceEqual(key) || !second.Bytes.Span.SequenceEqual(certificate))
        {
            throw CheckException.Failed($"A private key and a certificate, in this order, arrived as {Describe(answer)} (RFC 7030 section 4.4.2).");
        }
    }

    public async Task WrittenAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        foreach (var status in Enum.GetValues<EstStatus>())
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var calls = 0;
            connection.Server.Answer = (_, _) => new(Answer(status) with
            {
                WhenWritten = () =>
                {
                    Interlocked.Increment(ref calls);
                    told.TrySetResult();
                },
            });
            await connection.SendAsync(connection.Request());
            await Task.WhenAny(told.Task, Task.Delay(Patience, bench.Cancel));
            if (calls != 1)
            {
                throw CheckException.Failed($"After an answer {status} had arrived WhenWritten was called {calls} times. Call it once, when the whole answer was handed to the connection.");
            }
        }
    }

    public async Task NotWrittenAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        if (!connection.Client.CanCut)
        {
            throw CheckException.NotApplicable("The client cannot break a connection.");
        }
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isCut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var given = new TaskCompletionSource<EstPart>(TaskCreationOptions.RunContinuationsAsynchronously);
        var written = false;
        connection.Server.Answer = async (_, gone) =>
        {
            arrived.TrySetResult();
            await isCut.Task;
            // A transport that watches its connections says so now; for one that does not, the answer comes a little after the reset.
            await Task.WhenAny(Task.Delay(Timeout.Infinite, gone), Task.Delay(CommonChecks.Grace / 4, CancellationToken.None));
            var part = new EstPart(EstContent.CertsOnly, Secret.Copy(RandomNumberGenerator.GetBytes(300_000)));
            given.TrySetResult(part);
            return new EstResponse(EstStatus.Ok, [part]) { WhenWritten = () => written = true };
        };
        await connection.Client.SendAndCutAsync(connection.Address, connection.Request(), arrived.Task, bench.Cancel);
        isCut.TrySetResult();
        await UntilDisposedAsync(await given.Task, bench.Cancel);
        if (written)
        {
            throw CheckException.Failed("WhenWritten was called although the client had broken the connection. Then the client's repeat must get the same certificate, which the host would refuse.");
        }
    }

    public async Task DisposesAsync(Bench<ITransport> bench)
    {
        var connection = await Connection.OpenAsync(bench, options);
        var part = new EstPart(EstContent.PrivateKey, Secret.Copy(RandomNumberGenerator.GetBytes(64)));
        connection.Server.Answer = (_, _) => new(new EstResponse(EstStatus.Ok, [part]));
        await connection.SendAsync(connection.Request());
        if (!await UntilDisposedAsync(part, bench.Cancel))
        {
            throw CheckException.Failed($"{Patience.TotalSeconds:0} s after the answer had arrived it was not disposed: private keys of clients would stay in memory.");
        }
    }

    public async Task ConcurrencyAsync(Bench<ITransport> bench)
    {
        var operation = options.Operations.FirstOrDefault(Connection.HasBody, EstOperation.CaCerts);
        if (!Connection.HasBody(operation))
        {
            throw CheckException.NotApplicable("No operation of this protocol has a body.");
        }
        var connection = await Connection.OpenAsync(bench, options);
        connection.Server.Answer = (request, _) => new(new EstResponse(
            EstStatus.Ok, EstContent.CertsOnly, request.Body is EstBody.Der der ? SHA256.HashData(der.Bytes.Span) : []));
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(_ => Task.Run(async () =>
        {
            var request = connection.Request(operation);
            var answer = await connection.SendAsync(request);
            if (answer.Parts is not [var part] || !part.Bytes.Span.SequenceEqual(SHA256.HashData(request.Body.Span)))
            {
                throw CheckException.Failed($"Of {Parallel} clients at the same time one got {Describe(answer)}, which is not the answer to its request.");
            }
        })));
    }

    private static EstResponse Answer(EstStatus status) => status switch
    {
        EstStatus.Ok => new EstResponse(status, EstContent.CertsOnly, new byte[] { 0x30, 0x00 }),
        EstStatus.Empty => new EstResponse(status, []),
        EstStatus.Pending or EstStatus.Busy => new EstResponse(status, []) { RetryAfter = TimeSpan.FromSeconds(2.5), Detail = "come back later" },
        EstStatus.Unauthenticated => new EstResponse(status, []) { Challenges = ["Basic realm=\"est\"", "Negotiate"], Code = "unauthenticated", Detail = "who are you?" },
        _ => new EstResponse(status, []) { Code = "key-type", Detail = "RSA 1024 is not allowed here" },
    };

    private static async Task<bool> UntilDisposedAsync(EstPart part, CancellationToken cancel)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(begun) < Patience)
        {
            if (IsDisposed(part))
            {
                return true;
            }
            await Task.Delay(10, cancel);
        }
        return false;
    }

    private static bool IsDisposed(EstPart part)
    {
        try
        {
            return part.Bytes.Length < 0;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    private static string Describe(TransportAnswer answer)
        => $"{answer.Status} with {(answer.Parts.Count == 0 ? "nothing" : string.Join(", ", answer.Parts.Select(part => $"{part.Bytes.Length} bytes of {part.Content}")))}";
}
