using Kipuka.Sdk;

namespace Kipuka.Cli.Verify;

/// <summary><c>[verify.auth]</c>: how to get a credential that the method accepts.</summary>
internal sealed record VerifyAuthConfig
{
    /// <summary>One of the plugin's own admin actions, which makes a fresh credential: <c>otp create</c>.</summary>
    public string? Command { get; init; }

    /// <summary>What the action is given.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The credential as the Authorization header has it, with <c>{member}</c> for members of the action's answer.</summary>
    public string? Credential { get; init; }

    /// <summary>User name and password for the scheme Basic, with a colon between and the same placeholders.</summary>
    public string? UserPassword { get; init; }

    /// <summary>The client's certificates, PEM, leaf first.</summary>
    public SettingsFile? Certificates { get; init; }

    /// <summary>The label that the client asks under.</summary>
    public string? Label { get; init; }
}
