using System.Globalization;
using System.Text;

namespace Kipuka.Plugins.AuthGssapi;

/// <summary>Reads a distinguished name of RFC 4514, with <c>{principal}</c> in values. Values as <c>#hex</c> are not taken.</summary>
internal sealed class SubjectReader
{
    private const string Placeholder = "{principal}";
    private const int MostAttributes = 32;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string text;
    private int at;

    private SubjectReader(string text) => this.text = text;

    private bool IsAtEnd => at == text.Length;

    /// <returns>The relative names as written.</returns>
    /// <exception cref="FormatException">The text is no such name.</exception>
    public static IReadOnlyList<IReadOnlyList<SubjectTemplate.Attribute>> Read(string text)
    {
        var reader = new SubjectReader(text);
        List<List<SubjectTemplate.Attribute>> rdns = [[reader.ReadAttribute()]];
        while (!reader.IsAtEnd)
        {
            // Only these two end a value.
            var separator = text[reader.at++];
            var attribute = reader.ReadAttribute();
            if (separator == '+')
            {
                rdns[^1].Add(attribute);
            }
            else
            {
                rdns.Add([attribute]);
            }
        }
        return rdns.Sum(rdn => rdn.Count) <= MostAttributes ? rdns : throw new FormatException($"it has more than {MostAttributes} attributes");
    }

    private SubjectTemplate.Attribute ReadAttribute()
    {
        var equals = text.IndexOf('=', at);
        if (equals < 0)
        {
            throw new FormatException($"\"{text[at..]}\" is no attribute; write it as CN=name");
        }
        var type = text[at..equals].Trim();
        var oid = AttributeTypes.Find(type) ?? throw new FormatException(
            $"\"{type}\" is no attribute type that is known; write its number, or put a backslash before a comma or plus sign that belongs to a value");
        at = equals + 1;
        return new SubjectTemplate.Attribute(oid, ReadValue(type));
    }

    private List<string> ReadValue(string type)
    {
        List<string> pieces = [];
        var bytes = new List<byte>();
        var kept = 0; // spaces at the end count only when something follows them or a backslash stands before
        while (!IsAtEnd && text[at] is not (',' or '+'))
        {
            if (string.CompareOrdinal(text, at, Placeholder, 0, Placeholder.Length) == 0)
            {
                at += Placeholder.Length;
                pieces.Add(Decode(bytes, type));
                bytes.Clear();
                kept = 0;
                continue;
            }
            var isSpace = text[at] == ' ';
            if (isSpace && bytes.Count == 0 && pieces.Count == 0)
            {
                at++;
                continue;
            }
            ReadCharacter(bytes, isFirst: bytes.Count == 0 && pieces.Count == 0);
            kept = isSpace ? kept : bytes.Count;
        }
        bytes.RemoveRange(kept, bytes.Count - kept);
        pieces.Add(Decode(bytes, type));
        return pieces.Count > 1 || pieces[0].Length > 0 ? pieces : throw new FormatException($"{type} has no value");
    }

    private void ReadCharacter(List<byte> bytes, bool isFirst)
    {
        var character = text[at++];
        if (character == '\\')
        {
            bytes.AddRange(ReadEscape());
            return;
        }
        if (character is '{' or '}')
        {
            throw new FormatException($"only {Placeholder} may stand in braces; write a brace itself as \\{(int)character:X2}");
        }
        if (character is '"' or ';' or '<' or '>' || (character == '#' && isFirst) || char.IsControl(character))
        {
            throw new FormatException($"the character {(char.IsControl(character) ? $"U+{(int)character:X4}" : character)} needs a backslash before it");
        }
        var length = char.IsHighSurrogate(character) && !IsAtEnd && char.IsLowSurrogate(text[at]) ? 2 : 1;
        bytes.AddRange(Encoding.UTF8.GetBytes(text, at - 1, length));
        at += length - 1;
    }

    // RFC 4514 section 2.4: a special character, or two hexadecimal digits, which are an octet of UTF-8.
    private byte[] ReadEscape()
    {
        if (at + 1 < text.Length && byte.TryParse(text.AsSpan(at, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
        {
            at += 2;
            return [octet];
        }
        return !IsAtEnd && " \"#+,;<=>\\".Contains(text[at], StringComparison.Ordinal)
            ? [(byte)text[at++]]
            : throw new FormatException("a backslash stands before a special character or two hexadecimal digits");
    }

    private static string Decode(List<byte> bytes, string type)
    {
        try
        {
            return Strict.GetString([.. bytes]);
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException($"the hexadecimal digits in {type} are not UTF-8");
        }
    }
}
