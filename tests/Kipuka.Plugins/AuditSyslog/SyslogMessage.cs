using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kipuka.Plugins.Tests.AuditSyslog;

/// <summary>A message, read by the letter of RFC 5424 section 6: anything the grammar does not have is a failure.</summary>
internal sealed partial record SyslogMessage(
    int Priority, DateTimeOffset Time, string Host, string Application, string Process, string Id, string Structure,
    IReadOnlyDictionary<string, string> Data, string Text)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static SyslogMessage Parse(ReadOnlySpan<byte> bytes)
    {
        // SD-PARAM values and MSG are UTF-8; everything else is ASCII, which is UTF-8 too.
        var text = Strict.GetString(bytes);
        var header = Header().Match(text);
        Assert.True(header.Success, $"no header: {text}");
        var priority = int.Parse(header.Groups["pri"].Value, CultureInfo.InvariantCulture);
        Assert.InRange(priority, 0, 191);
        var time = DateTimeOffset.ParseExact(header.Groups["time"].Value, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var (structure, data, end) = Element(text, header.Length);
        var rest = text[end..];
        Assert.StartsWith(" \ufeff", rest, StringComparison.Ordinal); // MSG-UTF8 = BOM UTF-8-STRING
        return new SyslogMessage(
            priority, time, header.Groups["host"].Value, header.Groups["app"].Value, header.Groups["proc"].Value, header.Groups["id"].Value,
            structure, data, rest[2..]);
    }

    // SD-ELEMENT = "[" SD-ID *(SP SD-PARAM) "]"
    private static (string Id, Dictionary<string, string> Data, int End) Element(string text, int at)
    {
        Assert.Equal('[', text[at]);
        var id = Name().Match(text, at + 1);
        Assert.True(id.Success, text);
        at = id.Index + id.Length;
        Dictionary<string, string> data = [];
        while (text[at] == ' ')
        {
            var name = Name().Match(text, at + 1);
            Assert.True(name.Success, text);
            at = name.Index + name.Length;
            Assert.Equal("=\"", text.Substring(at, 2));
            (var value, at) = Value(text, at + 2);
            data.Add(name.Value, value); // twice the same name would be valid, and useless to a reader
        }
        Assert.Equal(']', text[at]);
        return (id.Value, data, at + 1);
    }

    private static (string Value, int End) Value(string text, int at)
    {
        var value = new StringBuilder();
        for (; text[at] != '"'; at++)
        {
            Assert.NotEqual(']', text[at]);
            if (text[at] == '\\')
            {
                Assert.Contains(text[++at], "\"\\]");
            }
            value.Append(text[at]);
        }
        return (value.ToString(), at + 1);
    }

    [GeneratedRegex(@"\A<(?<pri>0|[1-9][0-9]{0,2})>1 (?<time>[0-9TZ:.-]{27}) (?<host>[!-~]{1,255}) (?<app>[!-~]{1,48}) (?<proc>[!-~]{1,128}) (?<id>[!-~]{1,32}) ")]
    private static partial Regex Header();

    [GeneratedRegex(@"\G[!#-<>-\\^-~]{1,32}(?=[ =\]])")]
    private static partial Regex Name();
}
