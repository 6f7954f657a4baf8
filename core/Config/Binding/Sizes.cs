using System.Globalization;
using Kipuka.Sdk;

namespace Kipuka.Config.Binding;

/// <summary>Sizes (ruling 6): <c>512B</c>, <c>1KB</c>, <c>1MB</c>, <c>2GB</c>, in powers of 1024.</summary>
internal static class Sizes
{
    public static bool TryParse(ReadOnlySpan<char> text, out ByteSize size)
    {
        size = default;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;
        var shift = text[digits..] switch
        {
            "B" => 0,
            "KB" => 10,
            "MB" => 20,
            "GB" => 30,
            _ => -1,
        };
        if (shift < 0 || count > long.MaxValue >> shift) return false;
        size = new ByteSize(count << shift);
        return true;
    }
}
