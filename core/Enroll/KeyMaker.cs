using System.Security.Cryptography;
using Kipuka.Pki;
using Kipuka.Sdk.Ca;
using GeneratedKey = Kipuka.Pki.GeneratedKey;

namespace Kipuka.Enroll;

/// <summary>
/// Makes keys. RSA keys take up to seconds of a core each, so only so many are made at once; those beyond wait a moment, then are sent away.
/// </summary>
internal sealed class KeyMaker(int atOnce, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _free = new(atOnce);

    /// <summary>The CA makes it where it makes keys, and nobody else then; else this server does.</summary>
    /// <returns>Null when none could be made in time. The caller disposes of the key.</returns>
    /// <exception cref="AuthorityUnavailableException">The CA, which makes keys, made none that can be used.</exception>
    /// <exception cref="NotSupportedException">It makes none of this kind.</exception>
    public Task<GeneratedKey?> MakeAsync(KeyType type, KeyOrder order, CancellationToken cancel) => order.Authority.MakesKeys
        ? InTurnAsync(type, () => AskAsync(type, order, cancel), cancel)
        : MakeAsync(type, cancel);

    /// <summary>Null when none could be made in time. The caller disposes of the key.</summary>
    // RSA on a thread of its own: the pool's have other requests to answer.
    public Task<GeneratedKey?> MakeAsync(KeyType type, CancellationToken cancel) => type.Family == KeyFamily.Rsa
        ? InTurnAsync(type, () => Task.Factory.StartNew(
            () => GeneratedKey.Create(type), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), cancel)
        : Task.FromResult<GeneratedKey?>(GeneratedKey.Create(type));

    public void Dispose() => _free.Dispose();

    private static async Task<GeneratedKey> AskAsync(KeyType type, KeyOrder order, CancellationToken cancel)
    {
        using var made = await order.Authority.GenerateKeyAsync(order.Transaction, order.Requester, new KeySpec(type.Name), cancel);
        try
        {
            return GeneratedKey.Adopt(type, made!.Pkcs8.Reveal(), made.SubjectPublicKeyInfo);
        }
        catch (Exception fault) when (fault is MalformedException or CryptographicException)
        {
            throw new AuthorityUnavailableException($"{order.Authority.Name}: the key that it made cannot be used: {fault.Message}", mayHaveIssued: false, fault);
        }
    }

    private async Task<GeneratedKey?> InTurnAsync(KeyType type, Func<Task<GeneratedKey>> make, CancellationToken cancel)
    {
        if (type.Family != KeyFamily.Rsa)
        {
            return await make();
        }
        if (!await _free.WaitAsync(patience, cancel))
        {
            return null;
        }
        try
        {
            return await make();
        }
        finally
        {
            _free.Release();
        }
    }
}
