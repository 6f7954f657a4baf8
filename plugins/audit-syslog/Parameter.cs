using System.Text;

namespace Kipuka.Plugins.AuditSyslog;

/// <summary>A text of the message with what stands around it: <c> name="value"</c>, or MSG with its BOM.</summary>
internal readonly record struct Parameter(byte[] Before, byte[] Value, byte[] After, bool IsEscaped)
{
    private static ReadOnlySpan<byte> Mark => "..."u8;

    public int Overhead => Before.Length + After.Length;

    public int Length => Overhead + Value.Length;

    public static Parameter Of(string name, string value) => new(Encoding.ASCII.GetBytes($" {name}=\""), SafeText.Value(value), [(byte)'"'], true);

    /// <summary>MSG-UTF8 (RFC 5424 section 6.4), behind the space that ends the structured data.</summary>
    public static Parameter Text(string text) => new([(byte)' ', 0xEF, 0xBB, 0xBF], SafeText.Free(text), [], false);

    /// <summary>The same with its value in a number of bytes at most; one that has to be cut ends with three dots.</summary>
    public Parameter Within(int limit)
    {
        if (Value.Length <= limit)
        {
            return this;
        }
        var marked = limit >= Mark.Length;
        var kept = SafeText.Fit(Value, marked ? limit - Mark.Length : limit, IsEscaped);
        return this with { Value = [.. Value.AsSpan(0, kept), .. marked ? Mark : []] };
    }

    public void WriteTo(System.Buffers.IBufferWriter<byte> output)
    {
        System.Buffers.BuffersExtensions.Write(output, Before);
        System.Buffers.BuffersExtensions.Write(output, Value);
        System.Buffers.BuffersExtensions.Write(output, After);
    }
}
