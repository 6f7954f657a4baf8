using System.Net;

namespace Kipuka.Cli.Client;

/// <summary>A server's refusal, as a sentence for the operator.</summary>
internal static class Refusals
{
    public static async Task<CliException> DescribeAsync(HttpResponseMessage answer, bool passwordGiven)
    {
        using (answer)
        {
            var hint = answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized when !passwordGiven => "; prove who you are with --user NAME:PASSWORD, or with --cert and --key",
                HttpStatusCode.NotFound => "; see whether --url and --label are right",
                >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
                    $"; it points to {SafeText.OneLine(answer.Headers.Location?.ToString() ?? "nowhere")}: give that as --url if you trust it",
                _ => "",
            };
            var text = await TextAsync(answer);
            var sentence = $"{answer.RequestMessage!.RequestUri}: the server answered {(int)answer.StatusCode} {Name(answer)}"
                + (text.Length > 0 ? $": {text}" : "") + hint;
            return (int)answer.StatusCode is >= 400 and < 500 ? new RefusedException(sentence) : new CliException(sentence);
        }
    }

    /// <summary>What the server wrote, when it is text.</summary>
    public static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        var type = answer.Content.Headers.ContentType?.MediaType ?? "text/plain";
        return type.StartsWith("text/plain", StringComparison.OrdinalIgnoreCase) || type.EndsWith("json", StringComparison.OrdinalIgnoreCase)
            ? SafeText.OneLine(await answer.Content.ReadAsStringAsync())
            : "";
    }

    /// <summary>An answer of success that cannot be one.</summary>
    public static CliException Unreadable(HttpResponseMessage answer, string why) =>
        new($"{answer.RequestMessage!.RequestUri}: the server answered {(int)answer.StatusCode} {Name(answer)}, but the answer cannot be used: {why}");

    private static string Name(HttpResponseMessage answer) => SafeText.OneLine(answer.ReasonPhrase ?? answer.StatusCode.ToString());
}
