namespace Kipuka.Ca;

/// <summary>
/// A CA's answer that is not what was asked for: the cause inside an <c>AuthorityUnavailableException</c>, since the client is told
/// nothing but "unavailable". The certificate exists; an operator has to revoke it.
/// </summary>
internal sealed class AnswerFaultException(string difference, ReadOnlyMemory<byte> answer) : Exception(difference)
{
    /// <summary>What the authority returned: a certificate, or whatever it was. Never sent to a client.</summary>
    public ReadOnlyMemory<byte> Answer => answer;
}
