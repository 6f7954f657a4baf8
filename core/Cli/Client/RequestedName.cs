using System.Net;
using System.Text;
using Kipuka.Pki;

namespace Kipuka.Cli.Client;

/// <summary>Names as they are typed: <c>--subject</c> and <c>--san</c>.</summary>
internal static class RequestedName
{
    /// <summary>
    /// <c>CN=x,O=y</c> with a backslash before a comma that belongs to a value (or hex pairs, as Kipuka prints them), or <c>/CN=x/O=y</c> as
    /// openssl takes it. In the order given.
    /// </summary>
    public static DistinguishedName Subject(string text)
    {
        var slashes = text.StartsWith('/');
        var attributes = new List<(string Oid, string Value)>();
        foreach (var part in Split(slashes ? text[1..] : text, slashes ? '/' : ','))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? "" : part[..equals].Trim();
            var value = equals < 0 ? "" : Unescape(part[(equals + 1)..].Trim());
            if (name.Length == 0 || value.Length == 0)
            {
                throw CliException.Usage($"--subject: \"{part}\" is not NAME=value; write --subject CN=device-1,O=Example");
            }
            attributes.Add((Oid(name), value));
        }
        try
        {
            return DistinguishedName.Create(attributes);
        }
        catch (MalformedException fault)
        {
            throw CliException.Usage($"--subject: {fault.Message}");
        }
    }

    /// <summary><c>DNS:</c>, <c>IP:</c>, <c>email:</c> or <c>URI:</c> and a value; bare, an address if it is one, else a DNS name.</summary>
    public static GeneralName AlternativeName(string text)
    {
        var name = Read(text);
        return name.Problem() is { } problem ? throw CliException.Usage($"--san: {name.Text} {problem}") : name;
    }

    private static GeneralName Read(string text)
    {
        if (IPAddress.TryParse(text, out var bare))
        {
            return GeneralName.Ip(bare);
        }
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var value = text[(colon + 1)..];
        try
        {
            return (colon < 0 ? "dns" : text[..colon].ToLowerInvariant()) switch
            {
                "dns" => GeneralName.Dns(value),
                "ip" when IPAddress.TryParse(value, out var address) => GeneralName.Ip(address),
                "ip" => throw CliException.Usage($"--san: {value} is not an IP address"),
                "email" => GeneralName.Email(value),
                "uri" => GeneralName.Uri(value),
                _ => throw CliException.Usage($"--san: {text} begins with none of DNS:, IP:, email: and URI:"),
            };
        }
        catch (MalformedException fault)
        {
            throw CliException.Usage($"--san: {fault.Message}");
        }
    }

    private static string Oid(string name) =>
        AttributeType.ByName(name)?.Oid
        ?? (name.All(c => char.IsAsciiDigit(c) || c == '.') && name.Contains('.', StringComparison.Ordinal)
            ? name
            : throw CliException.Usage($"--subject: \"{name}\" is no attribute that is known here, such as CN, O, OU, C, ST, L, DC; or give its OID"));

    private static List<string> Split(string text, char separator)
    {
        var parts = new List<string>();
        var start = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
            else if (text[i] == '\\')
            {
                i++;
            }
        }
        return parts;
    }

    private static string Unescape(string text)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, char.IsHighSurrogate(text[i]) && i + 1 < text.Length ? 2 : 1));
                i += char.IsHighSurrogate(text[i]) ? 1 : 0;
            }
            else if (i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes.Add(Convert.ToByte(text.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.AddRange(Encoding.UTF8.GetBytes(text, ++i, 1));
            }
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }
}
