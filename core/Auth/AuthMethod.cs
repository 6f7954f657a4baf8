using Kipuka.Catalog;
using Kipuka.Sdk.Auth;

namespace Kipuka.Auth;

/// <summary>One authenticator in a label's chain.</summary>
/// <param name="Instance">The instance's id, which also names its store: <c>auth:otp</c>.</param>
/// <param name="Name">As kipuka.toml names it.</param>
/// <param name="Authenticator">The service.</param>
/// <param name="Guard">Calls it.</param>
internal sealed record AuthMethod(string Instance, string Name, IAuthenticator Authenticator, PluginGuard Guard);
