using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Kipuka.Admin;

/// <summary>What was wrong with a request that routing could not turn into a call, in words for whoever sent it: no type of this program is in them.</summary>
internal static partial class BadRequests
{
    public static (string Error, string Message) Describe(BadHttpRequestException bad) => bad.StatusCode switch
    {
        StatusCodes.Status413PayloadTooLarge => ("too_large", "the body is larger than this server reads"),
        StatusCodes.Status415UnsupportedMediaType => ("unsupported_media_type", "the body must be application/json"),
        _ when bad.InnerException is JsonException json => ("bad_request", Describe(json)),
        _ when Parameter().Match(bad.Message) is { Success: true } one => (
            "bad_request", $"the parameter {one.Groups["name"].Value} cannot be read: '{Text.Printable(one.Groups["value"].Value)}'"),
        _ when NoBody().IsMatch(bad.Message) => ("bad_request", "the body is missing: a JSON object"),
        _ => ("bad_request", "the request cannot be read"),
    };

    private static string Describe(JsonException json)
    {
        if (Member().Match(json.Message) is { Success: true } member)
        {
            var what = member.Groups["twice"].Success ? "is given twice" : "is not known here";
            return $"the member {Text.Printable(member.Groups["name"].Value)} of the body {what}";
        }
        var place = json.LineNumber is { } line && json.BytePositionInLine is { } at ? $" (line {line + 1}, byte {at + 1})" : "";
        return json.Path is { Length: > 2 } path
            ? $"the member {Text.Printable(path[2..])} of the body is not of the kind that is expected{place}"
            : $"the body is not the JSON object that is expected{place}";
    }

    [GeneratedRegex("^Failed to bind parameter \"[^\"]*? (?<name>[A-Za-z_]+)\" from \"(?<value>.*)\"\\.\\z", RegexOptions.Singleline)]
    private static partial Regex Parameter();

    [GeneratedRegex("no body was provided|was not provided from body")]
    private static partial Regex NoBody();

    [GeneratedRegex("^(The JSON property|(?<twice>Duplicate property)) '(?<name>.*?)' (could not be mapped|encountered)", RegexOptions.Singleline)]
    private static partial Regex Member();
}
