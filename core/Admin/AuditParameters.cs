using System.Globalization;
using System.Net;
using Kipuka.Audit;
using Kipuka.Pki;
using Kipuka.Store;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>The filters of /admin/audit as a request gives them: the same for the list, the stream and the export.</summary>
internal static class AuditParameters
{
    /// <summary>What they are, for the endpoints that take them.</summary>
    public static ApiParameter[] Filters { get; } =
    [
        new("action", "enroll, reenroll, serverkeygen, revoke, otp_generate, otp_use, renew, reject, or names as of event; several with commas."),
        new("event", "Names such as cert.issued, globs such as auth.*, NIAP names such as CertIssue; several with commas."),
        new("subject", "A part of the certificate's subject, in any case."),
        new("actor", "A part of who caused it, such as otp:device-7, in any case."),
        new("ca", "The CA."),
        new("label", "The EST label."),
        new("serial", "The certificate's serial number."),
        new("source", "The IP address that it came from."),
        new("outcome", "How it ended.") { Values = ["success", "failure"] },
        new("node", "The node that wrote it."),
        new("start", "From this time (ISO 8601) or day on.") { Example = "2026-06-01" },
        new("end", "Before this time, or to the end of this day.") { Example = "2026-06-24" },
    ];

    public static AuditFilter Read(IQueryCollection query)
    {
        var words = string.Join(',', new[] { One(query, "action"), One(query, "event") }.OfType<string>());
        IReadOnlyList<string> events = [], niap = [];
        string? operation = null;
        if (words.Length > 0 && !EventWords.TryRead(words, out events, out niap, out operation))
        {
            throw Bad(
                $"action and event take names of events (cert.issued), globs (auth.*), NIAP names (CertIssue), or enroll, reenroll, renew, reject, "
                + $"revoke, otp_generate, otp_use, several separated by commas, or serverkeygen alone; '{Text.Printable(words)}' is none");
        }
        if (events.Count > AuditFilter.MostWords || niap.Count > AuditFilter.MostWords)
        {
            throw Bad($"at most {AuditFilter.MostWords} names of events can be asked for");
        }
        return new AuditFilter
        {
            Events = events,
            Niap = niap,
            Operation = operation,
            Subject = One(query, "subject"),
            Actor = One(query, "actor"),
            Authority = One(query, "ca"),
            Label = One(query, "label"),
            Serial = Serial(One(query, "serial")),
            Source = Address(One(query, "source")),
            Success = Outcome(One(query, "outcome")),
            Node = One(query, "node"),
            Start = Start(One(query, "start"), "start"),
            End = End(One(query, "end"), "end"),
        };
    }

    public static DateTimeOffset? Start(string? text, string name) => Time(text, name, TimeSpan.Zero);

    /// <summary>The time before which records count; a day without a time of day is meant whole.</summary>
    public static DateTimeOffset? End(string? text, string name) => Time(text, name, TimeSpan.FromDays(1));

    private static string? One(IQueryCollection query, string name) => query[name] switch
    {
        [] => null,
        [{ Length: > 0 and <= 1024 } value] => value,
        _ => throw Bad($"{name} is given once, with 1 to 1024 characters"),
    };

    private static string? Serial(string? text) => text is null
        ? null
        : SerialNumbers.TryParse(text, out var hex) ? hex : throw Bad($"'{Text.Printable(text)}' is no serial number; write it in hex, with or without colons or 0x");

    private static IPAddress? Address(string? text) => text is null
        ? null
        : IPAddress.TryParse(text, out var address) ? address : throw Bad($"source is no IP address: '{Text.Printable(text)}'");

    private static bool? Outcome(string? text) => text switch
    {
        null => null,
        "success" => true,
        "failure" => false,
        _ => throw Bad("outcome is success or failure"),
    };

    private static DateTimeOffset? Time(string? text, string name, TimeSpan day)
    {
        if (text is null)
        {
            return null;
        }
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date < DateOnly.MaxValue)
        {
            return new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero) + day;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw Bad($"{name} is no ISO 8601 time, such as 2026-06-24T14:22:01Z or 2026-06-24");
    }

    public static AdminException Bad(string message) => new(StatusCodes.Status400BadRequest, "bad_request", message);
}
