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

    /// <summary>Finds the operation and the label in a path that <see cref="TargetPath"/> has read.</summary>
    public bool TryRead(ReadOnlySpan<char> path, out EstOperation operation, out string? label)
    {
        (operation, label) = (default, null);
        if (!path.StartsWith(basePath, StringComparison.Ordinal) || path.Length == basePath.Length || path[basePath.Length] != '/')
        {
            return false;
        }
        var rest = path[(basePath.Length + 1)..];
        var slash = rest.IndexOf('/');
        if (!TryOperation(rest[(slash + 1)..], out operation))
        {
            return false;
        }
        if (slash < 0)
        {
            return true;
        }
        label = rest[..slash].ContainsAnyExcept(Unreserved) ? null : rest[..slash].ToString();
        return label is not null;
    }

    private static bool TryOperation(ReadOnlySpan<char> name, out EstOperation operation)
    {
        EstOperation? found = name switch
        {
            "cacerts" => EstOperation.CaCerts,
            "csrattrs" => EstOperation.CsrAttrs,
            "simpleenroll" => EstOperation.SimpleEnroll,
            "simplereenroll" => EstOperation.SimpleReEnroll,
            _ => null,
        };
        operation = found.GetValueOrDefault();
        return found is not null;
    }
}
