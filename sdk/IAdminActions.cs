using System.Text.Json;

namespace Kipuka.Sdk;

/// <summary>A service that carries out the actions its assembly declares with <see cref="AdminActionAttribute"/>.</summary>
public interface IAdminActions
{
    /// <summary>Carries out one action. The host has authenticated the operator and writes the <c>admin.action</c> audit record.</summary>
    /// <returns>The HTTP answer. A wrong request is an answer with a 4xx status, not an exception.</returns>
    ValueTask<AdminAnswer> RunAsync(AdminCall call, CancellationToken cancel);
}

/// <summary>One call of an admin action.</summary>
/// <param name="Command">The declared command, such as <c>otp create</c>.</param>
/// <param name="Operator">Who calls; goes into audit records.</param>
/// <param name="Parameters">Path and query parameters, by name.</param>
/// <param name="Body">The JSON body of a POST, at most 64 KiB; null when there was none.</param>
public sealed record AdminCall(string Command, Identity Operator, IReadOnlyDictionary<string, string> Parameters, JsonElement? Body);

/// <summary>The answer of an admin action.</summary>
/// <param name="Status">The HTTP status, 200 to 499.</param>
/// <param name="Body">The JSON answer; null for an empty body. Errors have the members <c>error</c> and <c>message</c>.</param>
public sealed record AdminAnswer(int Status, JsonElement? Body)
{
    /// <summary>An error of the admin API's one shape.</summary>
    /// <param name="status">400 to 499.</param>
    /// <param name="error">A machine-readable word, such as <c>not_found</c>.</param>
    /// <param name="message">One sentence for the operator.</param>
    public static AdminAnswer Error(int status, string error, string message)
        => new(status, SdkJson.Error(error, message));
}
