using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Cli.Setup;

/// <summary>A folder with all that a server on one machine needs.</summary>
internal sealed class Workspace(string folder, TimeProvider clock)
{
    public const int DefaultPort = 8443;
    public const int AdminPortOffset = 1000;
    public const int HighestPort = ushort.MaxValue - AdminPortOffset;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

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
        var root = authority.Pair;
        var server = authority.IssueServer(clock);
        var argon2 = Argon2.IsPresent;
        var config = ConfigTemplate.Fill(port, port + AdminPortOffset, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(token))), argon2);
        (string Path, string Content, UnixFileMode Mode)[] files =
        [
            (PathOf("ca-key.pem"), root.Key, OwnerOnly),
            (CaFile, root.Certificate, Public),
            (PathOf("server-key.pem"), server.Key, OwnerOnly),
            (PathOf("server.pem"), server.Certificate, Public),
            (TokenFile, token + "\n", OwnerOnly),
            (ConfigFile, config, OwnerOnly), // last: a folder with it is complete
        ];
        Write(files);
        return new WorkspaceReport(folder, Fingerprint(Encoding.ASCII.GetBytes(root.Certificate)), argon2 ? [] : [Argon2.AbsentNote]);
    }

    /// <summary>SHA-256 of the first certificate of a PEM file, in hex pairs with colons.</summary>
    public static string Fingerprint(ReadOnlyMemory<byte> pem) =>
        string.Join(':', SHA256.HashData(Pem.ReadCertificates(pem, "ca.pem")[0].Span).Select(octet => octet.ToString("X2", null)));

    private void Write((string Path, string Content, UnixFileMode Mode)[] files)
    {
        if (files.Select(file => file.Path).FirstOrDefault(Path.Exists) is { } taken)
        {
            throw new CliException($"{taken} exists already, and nothing is ever overwritten: choose another folder with --dir"
                + (Exists ? $", or run the server that is there: kipuka run --config {Shell.Quote(ConfigFile)}" : ", or move it away"));
        }
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        }
        var made = new List<string>();
        try
        {
            foreach (var (path, content, mode) in files)
            {
                var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
                using var stream = new FileStream(path, options);
                made.Add(path);
                stream.Write(Encoding.UTF8.GetBytes(content));
                stream.Flush(flushToDisk: true);
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
