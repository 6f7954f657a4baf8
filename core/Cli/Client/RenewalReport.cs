namespace Kipuka.Cli.Client;

/// <summary>What <c>renewal</c> prints.</summary>
internal static class RenewalReport
{
    public static void Write(TextWriter output, bool asJson, RenewalAdvice advice, DateTimeOffset now, IssuedCertificate? issued, RequestFiles? files)
    {
        if (asJson)
        {
            WriteJson(output, advice, now, issued, files);
            return;
        }
        TextTable.WriteFields(output,
        [
            ("Renew", $"{Text(advice.Start)} to {Text(advice.End)}"),
            ("Now", issued is not null ? "renewed" : advice.Start <= now ? "the time has come" : "not yet"),
            ("Ask again", $"in {Math.Ceiling(advice.AskAgain.TotalMinutes):0} min"),
            .. advice.ExplanationUrl is { } url ? [("Why", SafeText.OneLine(url))] : Array.Empty<(string, string)>(),
            .. issued is null ? [] : EnrollReport.Describe(issued, files!),
        ]);
    }

    private static void WriteJson(TextWriter output, RenewalAdvice advice, DateTimeOffset now, IssuedCertificate? issued, RequestFiles? files)
        => JsonText.Write(output, json =>
        {
            json.WriteStartObject();
            json.WriteString("start", advice.Start.UtcDateTime);
            json.WriteString("end", advice.End.UtcDateTime);
            json.WriteBoolean("open", advice.Start <= now);
            json.WriteNumber("ask_again_seconds", (long)advice.AskAgain.TotalSeconds);
            json.WriteString("explanation_url", advice.ExplanationUrl);
            json.WriteBoolean("renewed", issued is not null);
            if (issued is not null)
            {
                EnrollReport.Write(json, issued, files!);
            }
            json.WriteEndObject();
        });

    private static string Text(DateTimeOffset time) => $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z";
}
