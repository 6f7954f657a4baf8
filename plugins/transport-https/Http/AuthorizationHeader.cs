using Kipuka.Sdk;
using Kipuka.Sdk.Transport;
using Microsoft.Extensions.Primitives;

namespace Kipuka.Plugins.TransportHttps.Http;

/// <summary>The credential of the <c>Authorization</c> header (RFC 9110 section 11.6.2).</summary>
internal static class AuthorizationHeader
{
    public const int LongestValue = 16 << 10;

    /// <summary>Null when there is none. The caller disposes the credential and has checked that there is one header at most.</summary>
    public static Credential? Read(StringValues header)
    {
        var text = header.Count == 0 ? default : header[0].AsSpan().Trim();
        if (text.IsEmpty)
        {
            return null;
        }
        var space = text.IndexOf(' ');
        return space < 0
            ? new(text.ToString(), Secret.Copy([]))
            : new(text[..space].ToString(), Secret.FromText(text[(space + 1)..].TrimStart(' ')));
    }
}
