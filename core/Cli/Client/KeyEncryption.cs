using System.CommandLine;
using System.Formats.Asn1;
using System.Security.Cryptography;
using Kipuka.Config;
using Kipuka.Pki;
using Kipuka.Sdk;

namespace Kipuka.Cli.Client;

/// <summary>Whether and how a server-generated key shall be encrypted: options of <c>serverkeygen</c>, and what opens the key in the end.</summary>
internal sealed class KeyEncryption(Surroundings surroundings)
{
    private readonly Option<bool> encrypted = new("--encrypted")
    {
        Description = "Ask for a private key that only this request's own key opens, and take no other.",
    };

    private readonly Option<string?> keyFile = SharedOptions.Text(
        "--decrypt-key", "FILE", "A symmetric key that the server has too (32 bytes in hex or base64): ask for a private key that only it opens.");

    private readonly Option<string?> keyId = SharedOptions.Text("--decrypt-key-id", "ID", "The server's name for that key; hex:0A0B for bytes.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { encrypted, keyFile, keyId })
        {
            command.Add(option);
        }
    }

    /// <summary>What the options say; usage that contradicts itself is refused.</summary>
    public Wish Read(ParseResult parsed)
    {
        var (file, id) = (parsed.GetValue(keyFile), parsed.GetValue(keyId));
        if (file is null != id is null)
        {
            throw CliException.Usage("--decrypt-key and --decrypt-key-id belong together: give both or neither");
        }
        if (file is null || id is null)
        {
            return new Wish(parsed.GetValue(encrypted), null, default);
        }
        if (parsed.GetValue(encrypted))
        {
            throw CliException.Usage("--encrypted and --decrypt-key ask for different keys: give one of them");
        }
        var bytes = surroundings.Read(file, "--decrypt-key");
        using var text = Secret.Copy(bytes);
        CryptographicOperations.ZeroMemory(bytes);
        var config = new DecryptKeyConfig { Id = id, Key = text };
        var identifier = config.Identifier() ?? throw CliException.Usage($"--decrypt-key-id: {id} has no pairs of hex digits after hex:");
        return new Wish(true, config.Open() ?? throw CliException.Usage($"--decrypt-key: {file} holds no key of 32 bytes in hex or base64"), identifier);
    }

    /// <param name="Encrypted">Whether a key in the clear is refused.</param>
    /// <param name="Kek">The symmetric key; null when there is none.</param>
    /// <param name="KekId">Its name.</param>
    internal sealed record Wish(bool Encrypted, Secret? Kek, ReadOnlyMemory<byte> KekId) : IDisposable
    {
        /// <summary>The attributes that say it (RFC 7030 section 4.4.1).</summary>
        public IEnumerable<AsnEncodedData> Attributes(PublicKeyInfo key)
        {
            if (!Encrypted)
            {
                return [];
            }
            var (oid, id) = Kek is null ? (Oids.AsymmetricDecryptKeyIdentifier, key.KeyIdentifier()) : (Oids.DecryptKeyIdentifier, KekId);
            return [Encode(oid, writer => writer.WriteOctetString(id.Span)), Encode(Oids.SmimeCapabilities, WriteCapabilities)];
        }

        /// <summary>The private key as PKCS#8.</summary>
        /// <param name="answer">What the server sent.</param>
        /// <param name="requestKeyPem">The key of the request.</param>
        public PinnedBuffer Open(ServerKeyAnswer answer, string requestKeyPem)
        {
            if (!answer.IsEncrypted)
            {
                return Encrypted
                    ? throw new CliException("the server sent the private key in the clear, though an encrypted one was asked for; it is not kept")
                    : Copy(answer.Key);
            }
            try
            {
                return Kek is not null ? KeyPackage.Open(answer.Key, new KekEnvelopeKey(Kek)).Pkcs8 : OpenWith(requestKeyPem, answer.Key);
            }
            catch (MalformedException fault)
            {
                throw new CliException($"the private key that the server sent cannot be opened: {fault.Message}");
            }
        }

        public void Dispose() => Kek?.Dispose();

        private static PinnedBuffer OpenWith(string pem, byte[] message)
        {
            using var rsa = RSA.Create();
            try
            {
                rsa.ImportFromPem(pem);
                return KeyPackage.Open(message, new RsaEnvelopeKey(rsa)).Pkcs8;
            }
            catch (CryptographicException)
            {
                // Another kind of key.
            }
            using var ec = ECDiffieHellman.Create();
            try
            {
                ec.ImportFromPem(pem);
            }
            catch (CryptographicException)
            {
                throw new CliException("the private key that the server sent is encrypted, and the request's key, neither RSA nor EC, cannot open it");
            }
            return KeyPackage.Open(message, new EcEnvelopeKey(ec)).Pkcs8;
        }

        private static PinnedBuffer Copy(byte[] key)
        {
            var copy = new PinnedBuffer(key.Length);
            key.CopyTo(copy.Span);
            CryptographicOperations.ZeroMemory(key);
            return copy;
        }

        private static void WriteCapabilities(AsnWriter writer)
        {
            using var list = writer.PushSequence();
            foreach (var cipher in ContentCipher.All.Where(cipher => cipher.KeyBytes == ContentCipher.Aes256Cbc.KeyBytes))
            {
                using var one = writer.PushSequence();
                writer.WriteObjectIdentifier(cipher.Oid);
            }
        }

        private static AsnEncodedData Encode(string oid, Action<AsnWriter> write)
        {
            var writer = new AsnWriter(AsnEncodingRules.DER);
            write(writer);
            return new AsnEncodedData(new Oid(oid), writer.Encode());
        }
    }
}
