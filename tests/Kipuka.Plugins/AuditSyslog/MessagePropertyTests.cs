using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Kipuka.Plugins.AuditSyslog;
using Kipuka.Sdk.Audit;

namespace Kipuka.Plugins.Tests.AuditSyslog;

/// <summary>Whatever a record holds: valid, within the limit, and whole where there is room.</summary>
public sealed class MessagePropertyTests
{
    private static readonly string[] Own =
        ["event_type", "niap", "outcome", "source_ip", "serial", "label", "ca_id", "actor", "node", "sequence", "hash", "truncated"];

    [Fact]
    public void Any_record_gives_a_message_that_a_strict_reader_takes()
        => Prop.ForAll(AnyRecord(), Limits(), (record, limit) =>
        {
            var bytes = MessageTests.Write(record, limit: limit);
            Assert.InRange(bytes.Length, 1, limit);
            var message = SyslogMessage.Parse(bytes);
            Assert.Equal(record.Success ? 134 : 132, message.Priority);
            Assert.Equal(record.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), message.Data["sequence"]);
            Assert.Equal(Convert.ToHexStringLower(record.Hash.Span), message.Data["hash"]);
            Assert.Equal(record.Success ? "success" : "failure", message.Data["outcome"]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Visible_text_comes_back_as_it_was_where_there_is_room()
        => Prop.ForAll(AnyRecord(), record =>
        {
            var message = SyslogMessage.Parse(MessageTests.Write(record, limit: 1 << 20));
            Assert.False(message.Data.ContainsKey("truncated"));
            Assert.Equal(Visible(record.Niap), message.Data["niap"]);
            Assert.Equal(record.Actor is null ? null : Visible(record.Actor), message.Data.GetValueOrDefault("actor"));
            Assert.Equal(record.Source?.ToString(), message.Data.GetValueOrDefault("source_ip"));
            // As many details as there were, whatever they are called.
            var own = Own.Count(message.Data.ContainsKey);
            Assert.Equal(record.Fields.Count, message.Data.Count - own);
        }).QuickCheckThrowOnFailure();

    private static string Visible(string text) => System.Text.Encoding.UTF8.GetString(SafeText.Free(text));

    private static Arbitrary<int> Limits() => Gen.Choose(1024, 4096).ToArbitrary();

    private static Arbitrary<AuditEvent> AnyRecord()
    {
        var texts = Gen.Frequency(
            (3, ArbMap.Default.ArbFor<string>().Generator.Select(text => text ?? "")),
            (2, Gen.Elements('"', '\\', ']', '\n', '\ud83e', '\udd8a', 'ü', '\u202e', 'a', ' ', '=').ArrayOf().Select(letters => new string(letters))),
            (1, Gen.Choose(0, 3000).Select(length => new string('x', length))));
        var names = Gen.Frequency((2, Gen.Elements("subject", "reason", "certificate", "outcome", "issuer", "detail_outcome")), (3, texts));
        return (
            from node in texts
            from name in texts
            from niap in texts
            from actor in texts
            from hasActor in Gen.Elements(true, false)
            from success in Gen.Elements(true, false)
            from sequence in Gen.Choose(1, int.MaxValue)
            from hash in Gen.Choose(0, 255).ArrayOf(32)
            from fields in names.Zip(texts).ListOf()
            select new AuditEvent(node, sequence, DateTimeOffset.UnixEpoch.AddSeconds(sequence), name, niap, success)
            {
                Actor = hasActor ? actor : null,
                Source = success ? IPAddress.IPv6Loopback : null,
                Hash = hash.Select(value => (byte)value).ToArray(),
                Fields = fields.DistinctBy(field => field.Item1).Take(32).ToDictionary(field => field.Item1, field => field.Item2),
            }).ToArbitrary();
    }
}
