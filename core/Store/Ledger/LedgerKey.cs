namespace Kipuka.Store;

/// <summary>What makes two requests the same request.</summary>
/// <param name="Identity">Method and key of the identity, such as <c>otp:selector</c>.</param>
/// <param name="Label">The label; empty for the unlabelled path.</param>
/// <param name="RequestHash">SHA-256 of the request's DER.</param>
internal sealed record LedgerKey(string Identity, string Label, ReadOnlyMemory<byte> RequestHash);
