using System.Buffers;
using System.Text;

namespace Kipuka.Plugins.CaPkcs11;

/// <summary>The attributes of a PKCS#11 URI (RFC 7512) that a key is found by; those that the URI does not have are null.</summary>
internal sealed record Pkcs11Uri
{
    public const string Scheme = "pkcs11:";

    private const int MaxLength = 2048;
    private const int MaxId = 256;

    // RFC 7512 section 2.3: unreserved characters, and those of pk11-res-avail.
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:[]@!$'()*+,=&/?|");
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public string? Token { get; init; }

    public string? Manufacturer { get; init; }

    public string? Model { get; init; }

    public string? Serial { get; init; }

    /// <summary>The slot's number, <c>slot-id</c>.</summary>
    public ulong? Slot { get; init; }

    /// <summary>CKA_LABEL, <c>object</c>.</summary>
    public string? Object { get; init; }

    /// <summary>CKA_ID, <c>id</c>.</summary>
    public ReadOnlyMemory<byte>? Id { get; init; }

    /// <summary>Whether the URI says on its own which token it means.</summary>
    public bool NamesToken => Token is not null || Manufacturer is not null || Model is not null || Serial is not null || Slot is not null;

    /// <exception cref="FormatException">It is no such URI, or says something that cannot be honoured. The message says what and why.</exception>
    public static Pkcs11Uri Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
        {
            throw new FormatException("is no PKCS#11 URI; it begins with \"pkcs11:\" (RFC 7512)");
        }
        if (text.Length > MaxLength)
        {
            throw new FormatException($"is longer than {MaxLength} characters");
        }
        var parts = text[Scheme.Length..].Split('?', 2);
        if (parts.Length == 2)
        {
            RefuseQuery(parts[1]);
        }
        var uri = new Pkcs11Uri();
        var seen = new HashSet<string>();
        foreach (var attribute in parts[0].Split(';'))
        {
            if (attribute.Length == 0 && parts[0].Length == 0)
            {
                break; // "pkcs11:" alone is a valid URI of everything
            }
            var (name, value) = Split(attribute);
            if (!seen.Add(name))
            {
                throw new FormatException($"has the attribute {name} twice (RFC 7512 section 2.3)");
            }
            uri = uri.With(name, value);
        }
        return uri;
    }

    /// <summary>The canonical text.</summary>
    public override string ToString()
    {
        List<string> attributes = [];
        Add("token", Token);
        Add("manufacturer", Manufacturer);
        Add("model", Model);
        Add("serial", Serial);
        Add("slot-id", Slot?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (Id is { } id)
        {
            attributes.Add($"id={string.Concat(id.ToArray().Select(octet => $"%{octet:x2}"))}");
        }
        Add("object", Object);
        return Scheme + string.Join(';', attributes);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                attributes.Add($"{name}={Encode(value)}");
            }
        }
    }

    /// <summary>By value; the id by its bytes.</summary>
    public bool Equals(Pkcs11Uri? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private Pkcs11Uri With(string name, string value) => name switch
    {
        "token" => this with { Token = Text(name, value) },
        "manufacturer" => this with { Manufacturer = Text(name, value) },
        "model" => this with { Model = Text(name, value) },
        "serial" => this with { Serial = Text(name, value) },
        // "slot" is what the manual writes for slot-id.
        "slot-id" or "slot" => this with { Slot = Slot is null ? Number(name, value) : throw new FormatException("has both slot-id and slot; keep slot-id") },
        "object" => this with { Object = Text(name, value) },
        "id" => this with { Id = IdOf(value) },
        "type" => Text(name, value) == "private" ? this : throw new FormatException("asks for an object of another type than private; a CA signs with the private key"),
        "library-description" or "library-manufacturer" or "library-version" or "slot-description" or "slot-manufacturer"
            => throw new FormatException($"has the attribute {name}, which is not compared here; name the module with `library`, and the token with token, serial or slot-id"),
        _ => throw new FormatException($"has the unknown attribute {name}; known are token, serial, manufacturer, model, slot-id, object, id and type"),
    };

    private static void RefuseQuery(string query)
    {
        foreach (var name in query.Split('&').Select(attribute => Split(attribute).Name))
        {
            throw new FormatException(name switch
            {
                "pin-value" => "has pin-value, which would put the PIN into logs and listings; use pin_env or pin_file",
                "pin-source" => "has pin-source; use pin_file, or pin_env, in its place",
                "module-path" or "module-name" => $"has {name}; use `library` in its place",
                _ => $"has the unknown query attribute {name}",
            });
        }
    }

    private static (string Name, string Value) Split(string attribute)
    {
        var at = attribute.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (attribute[..at], attribute[(at + 1)..])
            : throw new FormatException($"has \"{attribute}\" where name=value is expected");
    }

    private static string Text(string name, string value)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Decode(name, value));
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException($"has a value of {name} that is no UTF-8");
        }
    }

    private static ulong Number(string name, string value)
        => uint.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"has a value of {name} that is no decimal number below 2^32");

    private static ReadOnlyMemory<byte> IdOf(string value)
    {
        var id = Decode("id", value);
        return id.Length is > 0 and <= MaxId ? id : throw new FormatException($"has an id of {id.Length} bytes; 1 to {MaxId} are expected");
    }

    private static byte[] Decode(string name, string value)
    {
        var bytes = new List<byte>(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '%')
            {
                if (i + 2 >= value.Length || !char.IsAsciiHexDigit(value[i + 1]) || !char.IsAsciiHexDigit(value[i + 2]))
                {
                    throw new FormatException($"has a % in {name} that no two hexadecimal digits follow");
                }
                bytes.Add(Convert.ToByte(value.Substring(i + 1, 2), 16));
                i += 2;
            }
            else if (Plain.Contains(value[i]))
            {
                bytes.Add((byte)value[i]);
            }
            else
            {
                throw new FormatException($"has a character in {name} (U+{(int)value[i]:X4}) that must be percent-encoded (RFC 7512 section 2.3)");
            }
        }
        return [.. bytes];
    }

    private static string Encode(string value)
    {
        var text = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            _ = octet < 0x80 && Unreserved.Contains((char)octet) ? text.Append((char)octet) : text.Append(System.Globalization.CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
        return text.ToString();
    }
}
