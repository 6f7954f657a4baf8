using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>PKIData (RFC 5272 3.2.1): the content of a Full PKI Request. Controls and requests are read no deeper than their body part IDs.</summary>
internal sealed record PkiData(IReadOnlyList<CmcControl> Controls, IReadOnlyList<TaggedRequest> Requests)
{
    private const string What = "the PKIData";

    public static PkiData Parse(ReadOnlyMemory<byte> content) => Der.Read(content, What, Read, AsnEncodingRules.BER);

    private static PkiData Read(AsnReader reader)
    {
        var data = reader.ReadSequence();
        var parts = new HashSet<uint> { BodyParts.Message };
        var controls = ReadAll(data, "controls", static list => CmcControl.Read(list.ReadSequence()), static control => control.BodyPart, parts);
        var requests = ReadAll(data, "requests", TaggedRequest.Read, static request => request.BodyPart, parts);
        // Not referred to by any control that is taken here, so they are not looked into (RFC 5272 3.2.1); their numbers count all the same.
        ReadAll(data, "CMS objects", ReadBodyPart, static part => part, parts);
        ReadAll(data, "other messages", ReadBodyPart, static part => part, parts);
        data.ThrowIfNotEmpty();
        return new PkiData(controls, requests);
    }

    private static List<T> ReadAll<T>(AsnReader data, string what, Func<AsnReader, T> read, Func<T, uint> bodyPart, HashSet<uint> parts)
    {
        var all = new List<T>();
        for (var list = data.ReadSequence(); list.HasData;)
        {
            Limits.Check(all.Count + 1, Limits.CmcParts, $"{What} has too many {what}");
            var one = read(list);
            if (!parts.Add(bodyPart(one)))
                throw new MalformedException($"the body part ID {bodyPart(one)} occurs twice in {What}, or is the reserved 0 (RFC 5272 3.2.2)");
            all.Add(one);
        }
        return all;
    }

    private static uint ReadBodyPart(AsnReader list) => BodyParts.Read(list.ReadSequence());
}
