namespace Kipuka.Store;

/// <summary>What makes two requests the same request.</summary>
/// <param name="Identity">Method and key of the identity, such as <c>otp:selector</c>.</param>
/// <param name="Label">The label; empty for the unlabelled path.</param>
/// <param name="RequestHash">SHA-256 of the request's DER.</param>
internal sealed record LedgerKey(string Identity, string Label, ReadOnlyMemory<byte> RequestHash)
{
    /// <summary>A text of its own for each request: the bytes themselves, which a record's usual text would leave out.</summary>
    public override string ToString() => $"{Identity}\n{Label}\n{Convert.ToHexString(RequestHash.Span)}";
}
