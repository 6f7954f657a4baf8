namespace Kipuka.Sdk;

/// <summary>An audit record as a value: the host commits it together with a write (see <see cref="IPluginHost.WriteAsync"/>).</summary>
/// <param name="Name">Dotted lower-case words: <c>otp.created</c>.</param>
/// <param name="Success">The outcome.</param>
/// <param name="Actor">Who caused it; null when nobody is known yet.</param>
/// <param name="Fields">Details, at most 32 of them; values are cut after 1024 characters. No secrets.</param>
public sealed record AuditNote(string Name, bool Success, Identity? Actor, IReadOnlyDictionary<string, string> Fields);
