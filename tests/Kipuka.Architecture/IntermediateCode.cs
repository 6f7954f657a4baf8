using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;

namespace Kipuka.Architecture;

/// <summary>Walks the instructions of a method for the types, members and texts they name.</summary>
internal static class IntermediateCode
{
    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => unchecked((ushort)code.Value));

    public static IEnumerable<CodeUse> Uses(BlobReader code, MetadataNames names, string owner)
    {
        var uses = new List<CodeUse>();
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            if (value == 0xFE)
            {
                value = (ushort)(0xFE00 | code.ReadByte());
            }
            var operation = Codes[value];
            switch (operation.OperandType)
            {
                case OperandType.InlineString:
                    uses.Add(new CodeUse(owner, UseKind.Text, names.Text(code.ReadInt32())));
                    break;
                case OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok:
                    Add(uses, names, owner, MetadataTokens.EntityHandle(code.ReadInt32()), operation == OpCodes.Newobj);
                    break;
                case OperandType.InlineSwitch:
                    var targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                default:
                    code.Offset += Size(operation.OperandType);
                    break;
            }
        }
        return uses;
    }

    private static void Add(List<CodeUse> uses, MetadataNames names, string owner, EntityHandle handle, bool isNew)
    {
        if (names.MemberOf(handle) is { } member)
        {
            uses.Add(isNew ? new CodeUse(owner, UseKind.New, member.Types[0]) : new CodeUse(owner, UseKind.Member, member.Member));
            uses.AddRange(member.Types.Select(type => new CodeUse(owner, UseKind.Type, type)));
        }
        else
        {
            uses.AddRange(names.TypesOf(handle).Select(type => new CodeUse(owner, UseKind.Type, type)));
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
