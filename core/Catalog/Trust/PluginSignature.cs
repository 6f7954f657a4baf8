using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using Kipuka.Pki;

namespace Kipuka.Catalog;

/// <summary>A publisher's signature over a plugin folder: a detached CMS SignedData (RFC 5652 section 5) over the folder's <c>sha256sum</c> lines.</summary>
internal static class PluginSignature
{
    /// <summary>The file of a plugin folder that holds it, in DER or PEM; the one file that the hash leaves out.</summary>
    public const string FileName = "plugin.p7s";

    private const int MaxBytes = 64 << 10;

    /// <param name="lines">What was signed.</param>
    /// <param name="signature">The file's bytes.</param>
    /// <param name="publishers">Whose signature counts.</param>
    /// <param name="signer">The publisher, when one of them has signed.</param>
    /// <returns>What is wrong; null when a publisher has signed these lines.</returns>
    public static string? Problem(byte[] lines, ReadOnlySpan<byte> signature, IReadOnlyList<X509Certificate2> publishers, out X509Certificate2? signer)
    {
        signer = null;
        if (signature.Length > MaxBytes)
        {
            return $"{FileName} is longer than {MaxBytes >> 10} KiB";
        }
        try
        {
            var message = new SignedCms(new ContentInfo(lines), detached: true);
            message.Decode(Decode(signature));
            foreach (var info in message.SignerInfos)
            {
                // The certificate that counts is the operator's own copy, whatever certificates the message brings along.
                signer = publishers.FirstOrDefault(info.SignerIdentifier.MatchesCertificate);
                if (signer is not null)
                {
                    info.CheckSignature([signer], verifySignatureOnly: true);
                    return null;
                }
            }
            return $"{FileName} is not signed by any of [plugins] publishers";
        }
        catch (Exception fault) when (fault is CryptographicException or MalformedException)
        {
            signer = null;
            return $"{FileName} is no signature over the files of this folder ({fault.Message.TrimEnd('.')})";
        }
    }

    /// <summary>Signs the lines; the certificate goes along.</summary>
    public static byte[] Sign(byte[] lines, X509Certificate2 certificateWithKey)
    {
        var message = new SignedCms(new ContentInfo(lines), detached: true);
        message.ComputeSignature(new CmsSigner(SubjectIdentifierType.IssuerAndSerialNumber, certificateWithKey)
        {
            DigestAlgorithm = new Oid(Oids.Sha256),
            IncludeOption = X509IncludeOption.EndCertOnly,
        });
        return message.Encode();
    }

    private static byte[] Decode(ReadOnlySpan<byte> signature)
        => !Pem.IsPem(signature) ? signature.ToArray()
            : Pem.Read(signature) is [{ Label: "PKCS7" or "CMS" } block] ? block.Der.ToArray()
            : throw new MalformedException("its armour is not that of one PKCS7 or CMS");
}
