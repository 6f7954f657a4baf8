using System.Buffers;
using Kipuka.Sdk.Transport;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>Reads EST paths: the base path, then <c>[label/]operation</c> (RFC 7030 section 3.2.2).</summary>
internal sealed class EstPath(string basePath)
{
    private const string UnreservedCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private static readonly SearchValues<char> Unreserved = SearchValues.Create(UnreservedCharacters);
    private static readonly SearchValues<char> UnreservedOrSlash = SearchValues.Create(UnreservedCharacters + "/");

    /// <summary>What is wrong with a base path; null when it can work.</summary>
    public static string? Problem(string basePath)
    {
        Span<char> clean = stackalloc char[TargetPath.LongestPath];
        if (!TargetPath.TryRead(basePath, clean, out var length) || !clean[..length].SequenceEqual(basePath)
            || basePath.EndsWith('/') || basePath.AsSpan().ContainsAnyExcept(UnreservedOrSlash))
        {
            return $"\"{basePath}\" is not a path of plain segments; write it like \"/.well-known/est\", without a slash at the end";
        }
        return AdminPath.Owns(basePath) ? $"\"{basePath}\" belongs to the admin application; choose another path" : null;
    }

    /// <summary>Finds the operation, the label and the operation's argument in a path that <see cref="TargetPath"/> has read.</summary>
    public bool TryRead(ReadOnlySpan<char> path, out EstOperation operation, out string? label, out string? argument)
    {
        (operation, label, argument) = (default, null, null);
        if (!path.StartsWith(basePath, StringComparison.Ordinal) || path.Length == basePath.Length || path[basePath.Length] != '/')
        {
            return false;
        }
        var rest = path[(basePath.Length + 1)..];
        // No label has an operation's name, so the first segment that is one settles what the others are.
        if (!TryOperation(First(rest), out operation))
        {
            label = First(rest).ContainsAnyExcept(Unreserved) ? null : First(rest).ToString();
            if (string.IsNullOrEmpty(label) || label.Length == rest.Length)
            {
                return false;
            }
            rest = rest[(label.Length + 1)..];
            if (!TryOperation(First(rest), out operation))
            {
                return false;
            }
        }
        var name = First(rest);
        if (operation != EstOperation.RenewalInfo)
        {
            return name.Length == rest.Length;
        }
        argument = name.Length == rest.Length ? "" : rest[(name.Length + 1)..].ToString();
        return argument.Length > 0 && !argument.AsSpan().ContainsAnyExcept(Unreserved);
    }

    private static ReadOnlySpan<char> First(ReadOnlySpan<char> path) => path.IndexOf('/') is >= 0 and var slash ? path[..slash] : path;

    private static bool TryOperation(ReadOnlySpan<char> name, out EstOperation operation)
    {
        EstOperation? found = name switch
        {
            "cacerts" => EstOperation.CaCerts,
            "csrattrs" => EstOperation.CsrAttrs,
            "simpleenroll" => EstOperation.SimpleEnroll,
            "simplereenroll" => EstOperation.SimpleReEnroll,
            "fullcmc" => EstOperation.FullCmc,
            "serverkeygen" => EstOperation.ServerKeyGen,
            "renewal-info" => EstOperation.RenewalInfo,
            _ => null,
        };
        operation = found.GetValueOrDefault();
        return found is not null;
    }
}
