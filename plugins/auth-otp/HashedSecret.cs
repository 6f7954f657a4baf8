namespace Kipuka.Plugins.AuthOtp;

/// <summary>What is kept of a secret.</summary>
/// <param name="Algorithm">One of the names in <see cref="SecretHash"/>.</param>
/// <param name="Salt">Random, for this secret only; for bcrypt the whole setting string, for HMAC the key.</param>
/// <param name="Hash">The hash; for bcrypt the whole string.</param>
internal sealed record HashedSecret(string Algorithm, byte[] Salt, byte[] Hash)
{
    /// <summary>The algorithm; neither salt nor hash.</summary>
    public override string ToString() => Algorithm;
}
