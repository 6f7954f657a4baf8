namespace Kipuka.Cli.Quickstart;

/// <summary>What quickstart prints when the server is ready. Its command lines work as they stand, pasted into bash anywhere on this machine.</summary>
internal static class Explanation
{
    public static string Of(LocalService service, string password)
    {
        var workspace = service.Workspace;
        return $"""

            Kipuka serves EST on {service.Est}
            CA fingerprint (SHA-256): {workspace.Fingerprint()}
            One-time password for {LocalService.Device}: {password}

            Paste this into another terminal to get a certificate with it:

            {Commands(workspace.Folder, workspace.CaFile, service.Est, password, service.IsProxied)}

            Another password:  {Shell.Quote(Environment.ProcessPath ?? "kipuka")} otp create --entity-id NAME --config {Shell.Quote(workspace.ConfigFile)}
            In a browser:      {service.Console} with the token in {Shell.Quote(workspace.TokenFile)}
            Ctrl-C stops the server.
            """;
    }

    // Joined with &&: after a refusal, the certificate of an earlier time is not verified as if it were the new one.
    /// <param name="folder">Where the lines put key, request and certificate.</param>
    /// <param name="proxied">Whether curl would go to a proxy, which cannot reach this machine's loopback.</param>
    internal static string Commands(string folder, string caFile, Uri est, string password, bool proxied)
    {
        string File(string extension) => Path.Combine(folder, LocalService.Device + extension);
        var (key, request, certificate) = (Shell.Quote(File(".key")), File(".csr"), Shell.Quote(File(".pem")));
        var ca = Shell.Quote(caFile);
        return $"""
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN={LocalService.Device} \
              -keyout {key} -out {Shell.Quote(request)} &&
            curl -sS --fail {(proxied ? "--noproxy '*' " : "")}--cacert {ca} -u {Shell.Quote($"{LocalService.Device}:{password}")} \
              -H 'Content-Type: application/pkcs10' --data-binary {Shell.Quote("@" + request)} \
              {est}/simpleenroll \
              | base64 -d | openssl pkcs7 -inform DER -print_certs -out {certificate} &&
            openssl verify -CAfile {ca} {certificate}
            """;
    }
}
