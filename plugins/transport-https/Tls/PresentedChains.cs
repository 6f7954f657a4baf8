using System.Buffers.Binary;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kipuka.Plugins.TransportHttps.Tls;

/// <summary>The certificates that clients present, exactly as sent. Nothing is judged here: the application answers 401 or 403.</summary>
/// <remarks>
/// A resumed session knows the client's own certificate but not the intermediates that came with it, so those of full handshakes are
/// remembered, under the certificate's hash and only once the handshake proved possession of its key. They are no more than candidates for building a
/// chain. What falls out of the bounded memory costs a client of an intermediate CA its resumption, nothing else.
/// </remarks>
internal sealed class PresentedChains
{
    private const int MostRemembered = 4096;
    private const int LargestRemembered = 8 << 10;

    private readonly ConditionalWeakTable<SslStream, ReadOnlyMemory<byte>[]> inHandshake = [];
    private readonly Dictionary<Key, ReadOnlyMemory<byte>[]> remembered = [];
    private readonly Queue<Key> order = new();
    private readonly Lock gate = new();

    /// <summary>The validation callback: accepts every certificate, and the lack of one.</summary>
    public bool Capture(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is X509Certificate2 leaf && chain is not null && sender is SslStream stream)
        {
            var others = chain.ChainPolicy.ExtraStore;
            var all = new ReadOnlyMemory<byte>[1 + others.Count];
            all[0] = leaf.RawDataMemory;
            for (var i = 0; i < others.Count; i++)
            {
                all[i + 1] = others[i].RawDataMemory;
            }
            inHandshake.AddOrUpdate(stream, all);
        }
        return true;
    }

    /// <summary>What the client of a completed handshake presented, its own certificate first; empty when nothing.</summary>
    public ReadOnlyMemory<byte>[] Of(SslStream stream)
    {
        if (!inHandshake.TryGetValue(stream, out var chain))
        {
            return [];
        }
        inHandshake.Remove(stream);
        var key = Key.Of(chain[0].Span);
        lock (gate)
        {
            if (chain.Length == 1)
            {
                return remembered.GetValueOrDefault(key, chain);
            }
            if (Size(chain) <= LargestRemembered)
            {
                Remember(key, chain);
            }
        }
        return chain;
    }

    private void Remember(Key key, ReadOnlyMemory<byte>[] chain)
    {
        if (!remembered.ContainsKey(key))
        {
            if (order.Count == MostRemembered)
            {
                remembered.Remove(order.Dequeue());
            }
            order.Enqueue(key);
        }
        remembered[key] = chain;
    }

    private static int Size(ReadOnlyMemory<byte>[] chain)
    {
        var size = 0;
        foreach (var one in chain)
        {
            size += one.Length;
        }
        return size;
    }

    private readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public static Key Of(ReadOnlySpan<byte> certificate)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(certificate, hash);
            return new(
                BinaryPrimitives.ReadUInt128BigEndian(hash),
                BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
        }
    }
}
