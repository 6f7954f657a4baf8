namespace Kipuka.Cli.Setup;

/// <summary>What was made.</summary>
/// <param name="Folder">The absolute path.</param>
/// <param name="Fingerprint">The root's SHA-256, as <c>openssl x509 -fingerprint -sha256</c> prints it.</param>
/// <param name="Notes">What an operator should know about the choices made.</param>
internal sealed record WorkspaceReport(string Folder, string Fingerprint, IReadOnlyList<string> Notes);
