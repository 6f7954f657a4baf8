using System.Net.Http.Headers;
using System.Text;

namespace Kipuka.Cli.Client;

/// <summary>A name and a password for HTTP Basic.</summary>
internal sealed class BasicCredential(string name, string password)
{
    public const string PasswordVariable = "KIPUKA_EST_PASSWORD";

    public AuthenticationHeaderValue Header => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));

    /// <param name="user"><c>NAME:PASSWORD</c>, or <c>NAME</c> with the password elsewhere, where other users of the machine cannot see it.</param>
    /// <param name="passwordFile">The path of a file whose first line is the password.</param>
    /// <returns>Null when nothing is given.</returns>
    public static BasicCredential? Parse(Surroundings surroundings, string? user, string? passwordFile)
    {
        if (user is null)
        {
            return passwordFile is null ? null : throw CliException.Usage("--password-file needs --user NAME");
        }
        var colon = user.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            return passwordFile is null
                ? new BasicCredential(user[..colon], user[(colon + 1)..])
                : throw CliException.Usage("the password is given twice: in --user and by --password-file");
        }
        var password = passwordFile is not null
            ? Encoding.UTF8.GetString(surroundings.Read(passwordFile, "--password-file")).Split('\n')[0].TrimEnd('\r')
            : surroundings.Variable(PasswordVariable);
        return string.IsNullOrEmpty(password)
            ? throw CliException.Usage($"--user: no password for {user}; give --user NAME:PASSWORD, --password-file FILE or the variable {PasswordVariable}")
            : new BasicCredential(user, password);
    }
}
