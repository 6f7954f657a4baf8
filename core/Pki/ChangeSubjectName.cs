using System.Formats.Asn1;

namespace Kipuka.Pki;

/// <summary>
/// RFC 6402 2.8: the names that a re-enrolled certificate shall have instead of the old ones. At least one of the two is present.
/// </summary>
internal sealed record ChangeSubjectName(DistinguishedName? Subject, GeneralNames? SubjectAltName)
{
    private const string What = "the ChangeSubjectName attribute";

    public static ChangeSubjectName? Read(RequestAttributes attributes) =>
        attributes.Single(Oids.ChangeSubjectName, What) is { } value ? Der.Read(value, What, Read) : null;

    private static ChangeSubjectName Read(AsnReader reader)
    {
        DistinguishedName? subject = null;
        GeneralNames? names = null;
        var sequence = reader.ReadSequence();
        if (sequence.HasData && !HoldsGeneralNames(sequence))
            subject = DistinguishedName.Parse(sequence.ReadEncodedValue(), "the new subject");
        if (sequence.HasData) names = GeneralNames.Parse(sequence.ReadEncodedValue(), "the new subject alternative name");
        sequence.ThrowIfNotEmpty();
        return subject is null && names is null ? throw new MalformedException($"{What} is empty") : new ChangeSubjectName(subject, names);
    }

    // Both fields are optional SEQUENCEs without tags of their own; what stands inside tells them apart: a name's SETs, or context tags.
    private static bool HoldsGeneralNames(AsnReader sequence)
    {
        var content = sequence.PeekContentBytes().Span;
        return !content.IsEmpty && (content[0] & 0xC0) == 0x80;
    }
}
