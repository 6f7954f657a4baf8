using System.Text;

namespace Kipuka.Conformance;

/// <summary>Credentials of HTTP Basic (RFC 7617).</summary>
internal static class Basic
{
    public static string Of(string password, string user = "") => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"));

    public static Action<HttpRequestMessage> Header(string value)
        => request => request.Headers.TryAddWithoutValidation("Authorization", $"Basic {value}");
}
