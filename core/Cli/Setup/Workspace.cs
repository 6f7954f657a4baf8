using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Audit;
using Kipuka.Cli.Client;
using Kipuka.Pki;

namespace Kipuka.Cli.Setup;

/// <summary>A folder with all that a server on one machine needs.</summary>
internal sealed class Workspace(string folder, TimeProvider clock)
{
    public const int DefaultPort = 8443;
    public const int AdminPortOffset = 1000;
    public const int HighestPort = ushort.MaxValue - AdminPortOffset;

    public string Folder => folder;

    public string ConfigFile => PathOf("kipuka.toml");

    public string CaFile => PathOf("ca.pem");

    public string TokenFile => PathOf("admin.token");

    public bool Exists => File.Exists(ConfigFile);

    /// <summary>Makes the folder and everything in it; takes back what it made when something fails.</summary>
    /// <exception cref="CliException">Something stands there already; nothing was changed.</exception>
    public WorkspaceReport Create(int port)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        using var authority = RootAuthority.Create(clock);
        using var audit = AuditKey.Create();
        var root = authority.Pair;
        var server = authority.IssueServer(clock);
        var argon2 = Argon2.IsPresent;
        var config = ConfigTemplate.Fill(port, port + AdminPortOffset, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))), argon2);
        (string Path, string Content, UnixFileMode Mode)[] files =
        [
            (PathOf("ca-key.pem"), root.Key, NewFile.OwnerOnly),
            (CaFile, root.Certificate, NewFile.Public),
            (PathOf("server-key.pem"), server.Key, NewFile.OwnerOnly),
            (PathOf("server.pem"), server.Certificate, NewFile.Public),
            (PathOf("audit-key.pem"), audit.PrivatePem(), NewFile.OwnerOnly),
            (PathOf("audit-key.pub.pem"), audit.PublicPem, NewFile.Public),
            (TokenFile, token + "\n", NewFile.OwnerOnly),
            (ConfigFile, config, NewFile.OwnerOnly), // last: a folder with it is complete
        ];
        Write(files);
        return new WorkspaceReport(folder, Fingerprint(), argon2 ? [] : [Argon2.AbsentNote]);
    }

    /// <summary>SHA-256 of the CA's certificate as openssl prints it.</summary>
    public string Fingerprint() => CertificateText.Fingerprint(Pem.ReadCertificates(File.ReadAllBytes(CaFile), CaFile)[0].Span);

    private void Write((string Path, string Content, UnixFileMode Mode)[] files)
    {
        if (files.Select(file => file.Path).FirstOrDefault(Path.Exists) is { } taken)
        {
            throw new CliException($"{(Exists ? ConfigFile : taken)} exists already, and nothing is ever overwritten: choose another folder with --dir"
                + (Exists ? $", or run the server that is there: kipuka run --config {Shell.Quote(ConfigFile)}" : ", or move it away"));
        }
        NewFile.MakeFolder(folder);
        var made = new List<string>();
        try
        {
            foreach (var (path, content, mode) in files)
            {
                NewFile.Write(path, content, mode);
                made.Add(path);
            }
        }
        catch
        {
            made.ForEach(File.Delete);
            throw;
        }
    }

    private string PathOf(string name) => Path.Combine(folder, name);
}
