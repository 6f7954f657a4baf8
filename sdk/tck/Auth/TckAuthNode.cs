using Kipuka.Sdk.Auth;

namespace Kipuka.Sdk.Tck;

/// <summary>A running authenticator and its host, for making credentials.</summary>
/// <param name="Service">The service; its <see cref="IAdminActions"/> may be what makes them.</param>
/// <param name="Host">Its host, with store and clock.</param>
public sealed record TckAuthNode(IAuthenticator Service, TckHost Host);
