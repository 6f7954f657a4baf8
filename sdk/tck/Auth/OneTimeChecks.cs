using Kipuka.Sdk.Auth;

namespace Kipuka.Sdk.Tck;

/// <summary>Credentials that are good for one certificate: held, spent and released by transaction (see <see cref="IOneTimeCredential"/>).</summary>
internal sealed class OneTimeChecks(AuthOptions options)
{
    private const int Parallel = 32;
    private const int MostTries = 8;

    private static readonly TimeSpan HoldTime = TimeSpan.FromMinutes(5);

    private readonly Guid held = Guid.NewGuid();

    public async Task HoldAsync(Bench<IAuthenticator> bench)
    {
        var (node, _, credential) = await MakeAsync(bench);
        var transaction = Guid.NewGuid();
        if (!await HoldAsync(node, credential, transaction))
        {
            throw CheckException.Failed("HoldAsync of a fresh credential answered false. MakePeer must make credentials with a use left.");
        }
        if (!await HoldAsync(node, credential, transaction))
        {
            throw CheckException.Failed("HoldAsync of the same transaction again answered false. It is idempotent: a repeat takes nothing more, and has what it took.");
        }
    }

    public async Task ExclusiveAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer, credential) = await HeldAsync(bench);
        var other = Guid.NewGuid();
        if (await HoldAsync(node, credential, other) || await HoldAsync(node, (await AgainAsync(bench, node, peer)).Credential!, other))
        {
            throw CheckException.Failed("While one transaction holds the last use another got one too. MakePeer must make credentials for one certificate; a hold counts as a use.");
        }
    }

    public async Task RaceAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer, credential) = await MakeAsync(bench);
        var second = (await AcceptedAsync(bench, await bench.StartAsync(bench.Host(node.Host)), peer)).Credential!;
        var held = await Task.WhenAll(Enumerable.Range(0, Parallel).Select(index => Task.Run(async () => await HoldAsync(node, index % 2 == 0 ? credential : second, Guid.NewGuid()))));
        if (held.Count(got => got) != 1)
        {
            throw CheckException.Failed(
                $"Of {Parallel} transactions on two nodes that want the only use at the same time {held.Count(got => got)} got it. Write with IfVersion, and read again when it answers false.");
        }
    }

    public async Task ReleaseAsync(Bench<IAuthenticator> bench)
    {
        var (node, _, credential) = await MakeAsync(bench);
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        await credential.ReleaseAsync(second, bench.Cancel);
        await HoldAsync(node, credential, first);
        await credential.ReleaseAsync(first, bench.Cancel);
        await credential.ReleaseAsync(first, bench.Cancel);
        if (!await HoldAsync(node, credential, second))
        {
            throw CheckException.Failed("After ReleaseAsync another transaction did not get the use. Nothing was issued, so the device must be able to try again.");
        }
        await credential.ReleaseAsync(first, bench.Cancel);
        if (await HoldAsync(node, credential, first))
        {
            throw CheckException.Failed("ReleaseAsync of one transaction gave back the use that another holds.");
        }
    }

    public async Task SpendAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer, credential) = await HeldAsync(bench);
        var writes = node.Host.Memory.Writes;
        await credential.SpendAsync(held, bench.Cancel);
        if (node.Host.Memory.Writes != writes)
        {
            throw CheckException.Failed("SpendAsync wrote to the store. It only returns the write: the host commits it together with the certificate, or not at all.");
        }
        await CommitAsync(bench, node, credential, held);
        await credential.ReleaseAsync(held, bench.Cancel);
        if (await HoldAsync(node, credential, Guid.NewGuid()))
        {
            throw CheckException.Failed("After its only use was spent another transaction got a use. The write of SpendAsync must make the hold final, also against a later ReleaseAsync.");
        }
        if (!(await AgainAsync(bench, node, peer)).Credential!.IsExhausted)
        {
            throw CheckException.Failed("IsExhausted is false although the only use is spent.");
        }
    }

    public async Task SpendAgainAsync(Bench<IAuthenticator> bench)
    {
        var (node, _, credential) = await HeldAsync(bench);
        await CommitAsync(bench, node, credential, held);
        if (await bench.ThrownByAsync(() => CommitAsync(bench, node, credential, held)) is { } fault)
        {
            throw CheckException.Failed($"SpendAsync of the same transaction again threw {fault.GetType().Name} ({fault.Message}). It is idempotent: an answer to a commit can get lost.");
        }
    }

    public async Task LapseAsync(Bench<IAuthenticator> bench)
    {
        var (node, _, credential) = await HeldAsync(bench);
        node.Host.Time.Advance(HoldTime + TimeSpan.FromSeconds(1));
        if (!await HoldAsync(node, credential, Guid.NewGuid()))
        {
            throw CheckException.Failed("A hold outlived its end: after a crash the device could never try again. Compare the end with host.Clock.");
        }
    }

    public async Task RestartAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer, _) = await HeldAsync(bench);
        await bench.StopAsync(node.Service);
        var credential = (await AcceptedAsync(bench, await bench.StartAsync(bench.Host(node.Host)), peer)).Credential!;
        if (await HoldAsync(node, credential, Guid.NewGuid()))
        {
            throw CheckException.Failed("A hold was forgotten when the service was started anew. Keep holds in host.Store, which all nodes share.");
        }
        if (!await HoldAsync(node, credential, held))
        {
            throw CheckException.Failed("After a new start the transaction that holds the use does not get it again.");
        }
    }

    private async Task<(TckAuthNode Node, TckPeer Peer, IOneTimeCredential Credential)> MakeAsync(Bench<IAuthenticator> bench)
    {
        var (node, peer) = await AuthProofChecks.MakeAsync(bench, options);
        var accepted = await AcceptedAsync(bench, node.Service, peer);
        return (node, peer, accepted.Credential ?? throw CheckException.NotApplicable("The credentials of this method can be used any number of times."));
    }

    private async Task<(TckAuthNode Node, TckPeer Peer, IOneTimeCredential Credential)> HeldAsync(Bench<IAuthenticator> bench)
    {
        var made = await MakeAsync(bench);
        return await HoldAsync(made.Node, made.Credential, held)
            ? made
            : throw CheckException.NotApplicable("A fresh credential cannot be held; mend that first.");
    }

    private static async Task<AuthenticationResult.Accepted> AcceptedAsync(Bench<IAuthenticator> bench, IAuthenticator service, TckPeer peer)
        => await AuthCalls.AskAsync(bench, service, peer, bench.Cancel) as AuthenticationResult.Accepted
            ?? throw CheckException.NotApplicable("The peer of MakePeer is not accepted; mend that first.");

    // What is used up still proves who asks: only then can the host find the answer that was never fetched.
    private static async Task<AuthenticationResult.Accepted> AgainAsync(Bench<IAuthenticator> bench, TckAuthNode node, TckPeer peer)
        => await AuthCalls.AskAsync(bench, node.Service, peer, bench.Cancel) is AuthenticationResult.Accepted { Credential: not null } accepted
            ? accepted
            : throw CheckException.Failed("A credential without a use left is no longer accepted. Accept it with IsExhausted: the host lets the client fetch an answer that it never got.");

    private static ValueTask<bool> HoldAsync(TckAuthNode node, IOneTimeCredential credential, Guid transaction)
        => credential.HoldAsync(transaction, node.Host.Time.GetUtcNow() + HoldTime, CancellationToken.None);

    private static async Task CommitAsync(Bench<IAuthenticator> bench, TckAuthNode node, IOneTimeCredential credential, Guid transaction)
    {
        for (var attempt = 0; attempt < MostTries; attempt++)
        {
            if (node.Host.Memory.Apply(await credential.SpendAsync(transaction, bench.Cancel)))
            {
                return;
            }
        }
        throw CheckException.Failed($"The write of SpendAsync did not apply {MostTries} times in a row, although nobody else wrote. IfVersion must be the version that was read.");
    }
}
