using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.Tests.AuditSyslog;

/// <summary>RFC 5424 section 6, read back by a parser that takes nothing else.</summary>
public sealed class MessageTests
{
    [Fact]
    public void A_message_has_the_shape_of_the_RFC_and_the_names_of_the_book()
    {
        Assert.Equal(
            $"""
            <134>1 2026-06-24T14:32:10.123456Z server1 kipuka {Environment.ProcessId} cert.issued [kipuka@32473 event_type="cert.issued"
             outcome="success" node="node-1" sequence="7" hash="{new string('a', 1)}b{string.Concat(Enumerable.Repeat("ab", 31))}" niap="CertIssue"
             subject="CN=server.example.com" source_ip="192.0.2.45" serial="4a3f218c0977342b" issuer="CN=Example CA"
             not_before="2026-06-24T14:32:00Z" not_after="2027-06-24T14:32:00Z" label="iot" ca_id="default" actor="otp:device"
             reason="asked"] {'\ufeff'}cert.issued success: CN=server.example.com, serial 4a3f218c0977342b, CA default, label iot, by otp:device,
             from 192.0.2.45, asked
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(Write(Records.Issued)));
    }

    // Section 6.2.1: the priority is the facility times 8 and the severity.
    [Theory]
    [InlineData(Facility.Local0, true, 134)]
    [InlineData(Facility.Local0, false, 132)]
    [InlineData(Facility.Local7, true, 190)]
    [InlineData(Facility.Local7, false, 188)]
    public void Success_is_informational_and_failure_a_warning(Facility facility, bool success, int priority)
        => Assert.Equal(priority, Parse(Records.Issued with { Success = success }, facility: facility).Priority);

    // Section 6.3.3: '"', '\' and ']' MUST be escaped.
    [Fact]
    public void Quotes_backslashes_and_brackets_come_back_as_they_were()
    {
        var subject = """CN="a\"] [x@1 y="z"], O=Ütopia 🦊""";
        var message = Parse(With(("subject", subject)));
        Assert.Equal(subject, message.Data["subject"]);
        Assert.Contains(subject, message.Text, StringComparison.Ordinal);
    }

    // Section 6.4: no control characters; and nothing that turns or hides text on a terminal.
    [Fact]
    public void Control_characters_are_written_out()
    {
        var bytes = Write(With(("subject", "CN=a\n<134>1 - - - - - -\u001b[2J\0\u0085\u2028\u202e\ufeff")));
        Assert.DoesNotContain(bytes, value => value is < 0x20 or 0x7F);
        var message = SyslogMessage.Parse(bytes);
        Assert.Equal("""CN=a\u{a}<134>1 - - - - - -\u{1b}[2J\u{0}\u{85}\u{2028}\u{202e}\u{feff}""", message.Data["subject"]);
        Assert.Contains(message.Data["subject"], message.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_detail_never_stands_for_what_the_record_itself_says()
    {
        var message = Parse(With(("outcome", "failure"), ("sequence", "1"), ("truncated", "true"), ("detail_outcome", "x")));
        Assert.Equal("success", message.Data["outcome"]);
        Assert.Equal("7", message.Data["sequence"]);
        Assert.Equal("failure", message.Data["detail_outcome"]);
        Assert.Equal("x", message.Data["detail_outcome_2"]);
        Assert.False(message.Data.ContainsKey("truncated"));
    }

    // Section 6.3.3: SD-NAME has 1 to 32 characters of printable ASCII but '=', SP, ']' and '"'.
    [Fact]
    public void Names_that_the_grammar_lacks_are_mended_and_stay_apart()
    {
        var longName = new string('n', 40);
        var message = Parse(With(("a=b ]\"c", "1"), ("ü", "2"), ("", "3"), (longName, "4"), (longName + "x", "5")));
        Assert.Equal("1", message.Data["a_b___c"]);
        Assert.Equal(["2", "3"], [message.Data["_"], message.Data["__2"]]);
        Assert.Equal("4", message.Data[longName[..32]]);
        Assert.Equal("5", message.Data[longName[..30] + "_2"]);
    }

    [Fact]
    public void The_header_takes_only_what_it_can_hold()
    {
        var record = Records.Issued with { Name = "ünlawful name " + new string('x', 40) };
        var message = SyslogMessage.Parse(Write(record, hostname: new string('h', 300)));
        Assert.Equal("_nlawful_name_" + new string('x', 18), message.Id);
        Assert.Equal(255, message.Host.Length);
        Assert.Equal(record.Name, message.Data["event_type"]);
        Assert.Equal("-", SyslogMessage.Parse(Write(Records.Issued, hostname: "")).Host);
    }

    // [audit] include_cert_data: PEM has line breaks, which receivers tear.
    [Fact]
    public void A_certificate_is_base64_in_one_line()
    {
        var der = RandomNumberGenerator.GetBytes(700);
        var message = Parse(With(("certificate", PemEncoding.WriteString("CERTIFICATE", der))));
        Assert.Equal(Convert.ToBase64String(der), message.Data["certificate"]);
        Assert.False(message.Data.ContainsKey("truncated"));
    }

    [Fact]
    public void The_longest_values_give_way_and_say_so()
    {
        var record = With(("subject", "CN=device-1"), ("reason", new string('r', 900)), ("certificate", new string('c', 4000)));
        Assert.InRange(Write(record, limit: 2048).Length, 2040, 2048); // all of the room is used
        var message = Parse(record, limit: 2048);
        Assert.Equal("true", message.Data["truncated"]);
        Assert.Equal("CN=device-1", message.Data["subject"]);
        Assert.Equal(64, message.Data["hash"].Length);
        Assert.EndsWith("c...", message.Data["certificate"], StringComparison.Ordinal);
        Assert.EndsWith("r...", message.Data["reason"], StringComparison.Ordinal);
        Assert.Equal(message.Data["certificate"].Length, message.Data["reason"].Length);
        Assert.False(Parse(record).Data.ContainsKey("truncated"));
    }

    [Fact]
    public void A_character_and_an_escape_are_cut_whole_or_not_at_all()
    {
        for (var length = 0; length < 12; length++)
        {
            var message = Parse(With(("reason", new string('x', length) + string.Concat(Enumerable.Repeat("🦊]\\\"ü", 400)))), limit: 1024);
            Assert.Equal("true", message.Data["truncated"]);
        }
    }

    [Fact]
    public void With_the_longest_of_everything_the_record_can_still_be_told_from_others()
    {
        var record = new AuditEvent(new string('"', 5000), long.MaxValue, DateTimeOffset.MaxValue, new string(']', 5000), new string('n', 5000), false)
        {
            Hash = new byte[32],
            Fields = Enumerable.Range(0, 200).ToDictionary(number => $"{number}{new string('f', 40)}", _ => new string('\\', 2000)),
        };
        var bytes = Write(record, hostname: new string('h', 300), application: new string('a', 60), structure: new string('s', 26) + "@32473", limit: 1024);
        Assert.InRange(bytes.Length, 1, 1024);
        var message = SyslogMessage.Parse(bytes);
        Assert.Equal(long.MaxValue.ToString(System.Globalization.CultureInfo.InvariantCulture), message.Data["sequence"]);
        Assert.Equal(new string('0', 64), message.Data["hash"]);
        Assert.Equal("true", message.Data["truncated"]);
    }

    internal static byte[] Write(
        AuditEvent record, Facility facility = Facility.Local0, string hostname = "server1", string application = "kipuka",
        string structure = "kipuka@32473", int limit = 8192)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessageFormat(facility, hostname, application, structure, limit).Write(record, output);
        return output.WrittenSpan.ToArray();
    }

    private static SyslogMessage Parse(AuditEvent record, Facility facility = Facility.Local0, int limit = 8192)
        => SyslogMessage.Parse(Write(record, facility, limit: limit));

    private static AuditEvent With(params (string Name, string Value)[] fields)
        => Records.Issued with { Fields = fields.ToDictionary(field => field.Name, field => field.Value) };
}
