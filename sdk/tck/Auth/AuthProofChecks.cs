using Kipuka.Sdk.Auth;

namespace Kipuka.Sdk.Tck;

/// <summary>What a method answers to peers that prove who they are.</summary>
internal sealed class AuthProofChecks(AuthOptions options)
{
    private const int Parallel = 64;

    // What is wrong with every proof is told by the first check that finds it.
    private bool accepts;

    public async Task AcceptsAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer) = await MakeAsync(bench, options);
        var identity = (await AuthCalls.AcceptAsync(bench, node.Service, peer)).Identity;
        if (string.IsNullOrEmpty(identity.Method) || string.IsNullOrEmpty(identity.Key) || string.IsNullOrEmpty(identity.Name))
        {
            throw CheckException.Failed("The identity of an accepted peer lacks its method, key or name; audit and repeats need all three.");
        }
        accepts = true;
    }

    public async Task AlteredAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer) = await MakeAsync(bench, options);
        NeedAccepting();
        foreach (var altered in Alter(peer))
        {
            if (await AuthCalls.AskAsync(bench, node.Service, altered, bench.Cancel) is AuthenticationResult.Accepted)
            {
                throw CheckException.Failed("A credential with one bit changed was accepted.");
            }
        }
    }

    public async Task IdentityAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer) = await MakeAsync(bench, options);
        NeedAccepting();
        var first = (await AuthCalls.AcceptAsync(bench, node.Service, peer)).Identity;
        var again = (await AuthCalls.AcceptAsync(bench, node.Service, peer)).Identity;
        var elsewhere = (await AuthCalls.AcceptAsync(bench, await bench.StartAsync(bench.Host(node.Host)), peer)).Identity;
        if (first.Key != again.Key || first.Key != elsewhere.Key || first.Method != again.Method || first.Method != elsewhere.Method)
        {
            throw CheckException.Failed("The same credential gave two identities. Method and Key must stay the same, also on another node: repeats of a request are recognised by them.");
        }
    }

    public async Task StoreFaultAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer) = await MakeAsync(bench, options);
        NeedAccepting();
        var calls = node.Host.Memory.Calls;
        node.Host.Memory.Fault = new IOException("the database is away (conformance kit)");
        try
        {
            var result = await AuthCalls.AskAsync(bench, node.Service, peer, bench.Cancel);
            if (node.Host.Memory.Calls > calls)
            {
                throw CheckException.Failed($"The store failed and the answer was {AuthCalls.Word(result)}. A fault is an exception, answered 503: nobody was judged.");
            }
        }
        catch (Exception fault) when (fault is not CheckException)
        {
            bench.Evidence.See("exception", fault);
        }
        finally
        {
            node.Host.Memory.Fault = null;
        }
    }

    public async Task ConcurrencyAsync(Bench<IAuthenticator> bench)
    {
        var host = bench.Host();
        var node = new TckAuthNode(await bench.StartAsync(host), host);
        var peer = options.MakePeer is not null && accepts ? await MakePeerAsync(bench, options, node) : null;
        var alone = peer is null ? null : (await AuthCalls.AcceptAsync(bench, node.Service, peer)).Identity.Key;
        await Task.WhenAll(Enumerable.Range(0, Parallel).Select(index => Task.Run(async () =>
        {
            var presented = index % 2 == 0 && peer is not null ? peer : new TckPeer();
            AuthenticationResult? result;
            try
            {
                result = await AuthCalls.AskAsync(bench, node.Service, presented, bench.Cancel);
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !bench.Cancel.IsCancellationRequested)
            {
                throw bench.Fault($"One of {Parallel} calls at the same time threw. Members are called concurrently; share nothing unguarded. It was", fault);
            }
            var right = ReferenceEquals(presented, peer)
                ? result is AuthenticationResult.Overloaded || (result is AuthenticationResult.Accepted accepted && accepted.Identity.Key == alone)
                : result is not (null or AuthenticationResult.Accepted);
            if (!right)
            {
                throw CheckException.Failed(
                    $"One of {Parallel} calls at the same time was answered {AuthCalls.Word(result)}, otherwise than alone. Members are called concurrently; share nothing unguarded.");
            }
        })));
    }

    public async Task CancelAsync(Bench<IAuthenticator> bench)
    {
        var host = bench.Host();
        var node = new TckAuthNode(await bench.StartAsync(host), host);
        var peer = options.MakePeer is not null && accepts ? await MakePeerAsync(bench, options, node) : new TckPeer { Scheme = options.Schemes.FirstOrDefault("Basic"), Value = "YTpi"u8.ToArray() };
        await CommonChecks.CancelAsync(
            bench, "AuthenticateAsync", cancel => AuthCalls.AskAsync(bench, node.Service, peer, cancel), _ => false, "throw OperationCanceledException");
    }

    /// <summary>A fresh service and a peer that it should accept.</summary>
    public static async Task<(TckAuthNode Node, TckPeer Peer)> MakeAsync(Bench<IAuthenticator> bench, AuthOptions options)
    {
        if (options.MakePeer is null)
        {
            throw CheckException.NotApplicable("No credential is known that this method accepts; give MakePeer in the options.");
        }
        var host = bench.Host();
        var node = new TckAuthNode(await bench.StartAsync(host), host);
        return (node, await MakePeerAsync(bench, options, node));
    }

    private static async Task<TckPeer> MakePeerAsync(Bench<IAuthenticator> bench, AuthOptions options, TckAuthNode node)
    {
        var peer = await options.MakePeer!(node, bench.Cancel);
        if (!peer.Value.IsEmpty)
        {
            bench.Evidence.Hide(peer.Value.Span);
        }
        return peer;
    }

    private void NeedAccepting()
    {
        if (!accepts)
        {
            throw CheckException.NotApplicable("The peer of MakePeer is not accepted; mend that first.");
        }
    }

    private static IEnumerable<TckPeer> Alter(TckPeer peer)
    {
        if (peer.Value.Length > 0)
        {
            // In the middle and near the end: the last character of base64 may carry bits that count for nothing.
            foreach (var place in ((int[])[peer.Value.Length / 2, Math.Max(0, peer.Value.Length - 5)]).Distinct())
            {
                yield return peer with { Value = Flip(peer.Value, place) };
            }
        }
        if (peer.Certificates.Count > 0)
        {
            yield return peer with { Certificates = [Flip(peer.Certificates[0], peer.Certificates[0].Length - 5), .. peer.Certificates.Skip(1)] };
        }
    }

    private static byte[] Flip(ReadOnlyMemory<byte> bytes, int place)
    {
        var copy = bytes.ToArray();
        copy[place] ^= 0x01;
        return copy;
    }
}
