using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>An RA POP witness (RFC 5272 6.8): requests of this message whose possession a registration authority vouches for.</summary>
internal sealed record PopWitness(uint BodyPart, IReadOnlyList<uint> Requests)
{
    private const string What = "the lraPOPWitness control";

    public static PopWitness Read(CmcControl control) => control.Value(What, reader =>
    {
        var sequence = reader.ReadSequence();
        if (BodyParts.Read(sequence) != BodyParts.Message)
            throw new MalformedException($"{What} refers to a nested message; only requests of this one are taken");
        var witness = new PopWitness(control.BodyPart, BodyParts.ReadList(sequence.ReadSequence()));
        sequence.ThrowIfNotEmpty();
        return witness;
    });
}
