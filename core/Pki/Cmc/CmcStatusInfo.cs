using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>CMCStatusInfoV2 (RFC 5272 6.1.1): what became of some parts of a message.</summary>
/// <param name="Status">The outcome.</param>
/// <param name="BodyParts">What it is about; 0 is the message itself.</param>
internal sealed record CmcStatusInfo(CmcStatus Status, IReadOnlyList<uint> BodyParts)
{
    private const string What = "a CMC status";

    /// <summary>For people.</summary>
    public string? Text { get; init; }

    /// <summary>Why; with failed only.</summary>
    public CmcFailure? Failure { get; init; }

    /// <summary>How to come back; with pending and partial only.</summary>
    public CmcPending? Pending { get; init; }

    public static CmcStatusInfo Success(params IReadOnlyList<uint> parts) => new(CmcStatus.Success, parts);

    public static CmcStatusInfo Failed(CmcFailure failure, string text, params IReadOnlyList<uint> parts)
        => new(CmcStatus.Failed, parts) { Failure = failure, Text = text };

    public static CmcStatusInfo NoSupport(string text, uint part) => new(CmcStatus.NoSupport, [part]) { Text = text };

    public void Write(AsnWriter writer)
    {
        using var sequence = writer.PushSequence();
        writer.WriteInteger((int)Status);
        using (writer.PushSequence())
        {
            foreach (var part in BodyParts) writer.WriteInteger(part);
        }
        if (Text is not null) writer.WriteCharacterString(UniversalTagNumber.UTF8String, Text);
        if (Failure is { } failure) writer.WriteInteger((int)failure);
        if (Pending is { } pending)
        {
            using var info = writer.PushSequence();
            writer.WriteOctetString(pending.Token.Span);
            writer.WriteGeneralizedTime(pending.Time, omitFractionalSeconds: true);
        }
    }

    public static CmcStatusInfo Read(CmcControl control) => control.Value(What, static reader =>
    {
        var sequence = reader.ReadSequence();
        var status = ReadNumber<CmcStatus>(sequence);
        var parts = ReadParts(sequence.ReadSequence());
        string? text = null;
        CmcFailure? failure = null;
        CmcPending? pending = null;
        if (Stands(sequence, UniversalTagNumber.UTF8String)) text = sequence.ReadCharacterString(UniversalTagNumber.UTF8String);
        if (Stands(sequence, UniversalTagNumber.Integer)) failure = ReadNumber<CmcFailure>(sequence);
        else if (Stands(sequence, UniversalTagNumber.Sequence)) pending = ReadPending(sequence.ReadSequence());
        else if (sequence.HasData) sequence.ReadEncodedValue(); // extendedFailInfo
        sequence.ThrowIfNotEmpty();
        return new CmcStatusInfo(status, parts) { Text = text, Failure = failure, Pending = pending };
    });

    // A BodyPartReference may also be a path into nested messages; its last step is the part.
    private static List<uint> ReadParts(AsnReader list)
    {
        var parts = new List<uint>();
        while (list.HasData)
        {
            Limits.Check(parts.Count + 1, 2 * Limits.CmcParts, $"{What} refers to too many parts");
            parts.Add(Stands(list, UniversalTagNumber.Sequence) ? ReadPath(list.ReadSequence()) : Cmc.BodyParts.Read(list));
        }
        return parts;
    }

    private static uint ReadPath(AsnReader path) => Cmc.BodyParts.ReadList(path) is [.., var last] ? last : throw new MalformedException($"{What} has an empty path");

    private static CmcPending ReadPending(AsnReader info)
    {
        var pending = new CmcPending(info.ReadOctets(), info.ReadGeneralizedTime());
        info.ThrowIfNotEmpty();
        return pending;
    }

    private static T ReadNumber<T>(AsnReader reader)
        where T : struct, Enum => reader.TryReadInt32(out var number) && Enum.IsDefined(typeof(T), number)
        ? (T)Enum.ToObject(typeof(T), number)
        : throw new MalformedException($"{What} has an unknown {typeof(T).Name}");

    private static bool Stands(AsnReader reader, UniversalTagNumber tag) => reader.HasData && reader.PeekTag().HasSameClassAndValue(new Asn1Tag(tag));
}

/// <summary>PendInfo.</summary>
/// <param name="Token">For the queryPending control.</param>
/// <param name="Time">When asking again makes sense.</param>
internal sealed record CmcPending(ReadOnlyMemory<byte> Token, DateTimeOffset Time);
