using System.Formats.Asn1;

namespace Kipuka.Pki.Cmc;

/// <summary>PKIResponse (RFC 5272 4.2.1): the content of a Full PKI Response.</summary>
internal sealed record PkiResponse(IReadOnlyList<CmcStatusInfo> Statuses)
{
    private const string What = "the PKIResponse";

    /// <summary>The request's transactionId, an encoded INTEGER (RFC 5272 6.6).</summary>
    public ReadOnlyMemory<byte>? TransactionId { get; init; }

    /// <summary>The request's senderNonce.</summary>
    public ReadOnlyMemory<byte>? RecipientNonce { get; init; }

    /// <summary>Ours, fresh.</summary>
    public ReadOnlyMemory<byte>? SenderNonce { get; init; }

    /// <summary>The request's dataReturn values, as they came (RFC 5272 6.4).</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> DataReturn { get; init; } = [];

    public byte[] Encode()
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence()) WriteControls(writer);
            using (writer.PushSequence()) { } // cmsSequence
            using (writer.PushSequence()) { } // otherMsgSequence
        }
        return writer.Encode();
    }

    /// <summary>Reads what any server sent. Controls that this client does not know are passed over.</summary>
    public static PkiResponse Parse(ReadOnlyMemory<byte> content) => Der.Read(content, What, Read, AsnEncodingRules.BER);

    private void WriteControls(AsnWriter writer)
    {
        var part = 0u;
        foreach (var status in Statuses) Control(CmcOids.StatusInfoV2, () => status.Write(writer));
        if (TransactionId is { } transaction) Control(CmcOids.TransactionId, () => writer.WriteEncodedValue(transaction.Span));
        if (SenderNonce is { } own) Control(CmcOids.SenderNonce, () => writer.WriteOctetString(own.Span));
        if (RecipientNonce is { } theirs) Control(CmcOids.RecipientNonce, () => writer.WriteOctetString(theirs.Span));
        foreach (var data in DataReturn) Control(CmcOids.DataReturn, () => writer.WriteOctetString(data.Span));

        void Control(string oid, Action write)
        {
            using var control = writer.PushSequence();
            writer.WriteInteger(++part);
            writer.WriteObjectIdentifier(oid);
            using var values = writer.PushSetOf();
            write();
        }
    }

    private static PkiResponse Read(AsnReader reader)
    {
        var response = reader.ReadSequence();
        var controls = new List<CmcControl>();
        for (var list = response.ReadSequence(); list.HasData; controls.Add(CmcControl.Read(list.ReadSequence())))
            Limits.Check(controls.Count + 1, 4 * Limits.CmcParts, $"{What} has too many controls");
        response.ReadSequence();
        response.ReadSequence();
        response.ThrowIfNotEmpty();
        return new PkiResponse([.. All(CmcOids.StatusInfoV2).Select(CmcStatusInfo.Read)])
        {
            TransactionId = All(CmcOids.TransactionId).Select(static control => control.Value("the transactionId", static r => r.ReadEncodedValue())).Cast<ReadOnlyMemory<byte>?>().FirstOrDefault(),
            RecipientNonce = Octets(CmcOids.RecipientNonce),
            SenderNonce = Octets(CmcOids.SenderNonce),
            DataReturn = [.. All(CmcOids.DataReturn).Select(static control => control.Octets("the dataReturn control"))],
        };

        IEnumerable<CmcControl> All(string oid) => controls.Where(control => control.Oid == oid);
        ReadOnlyMemory<byte>? Octets(string oid) => All(oid).Select(static control => control.Octets("a nonce")).Cast<ReadOnlyMemory<byte>?>().FirstOrDefault();
    }
}
