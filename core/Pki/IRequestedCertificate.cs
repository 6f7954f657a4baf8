namespace Kipuka.Pki;

/// <summary>What a request asks for, whichever syntax it came in. Nothing in it is believed or granted yet.</summary>
internal interface IRequestedCertificate
{
    /// <summary>The whole request, DER: what makes a repeat a repeat.</summary>
    ReadOnlyMemory<byte> Raw { get; }

    DistinguishedName Subject { get; }

    PublicKeyInfo PublicKey { get; }

    RequestedExtensions Requested { get; }

    TimeSpan? RequestedValidity { get; }

    ChangeSubjectName? ChangeSubjectName { get; }

    /// <summary>What the request carries besides, and nobody here reads: named in the audit record, so that nothing is dropped in silence.</summary>
    IEnumerable<string> UnknownAttributes => [];

    GeneralNames? RequestedSan => Requested.SubjectAltName;
}
