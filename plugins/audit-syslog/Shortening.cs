namespace Kipuka.Plugins.AuditSyslog;

/// <summary>Makes texts fit into a number of bytes: the longest ones give way first, and all of them to the same length.</summary>
internal static class Shortening
{
    // What is left of a value is of some use, or the parameter goes.
    private const int Least = 16;

    /// <summary>The texts in their order. The last ones are left out when there are more than the room has names for.</summary>
    public static IReadOnlyList<Parameter> Fit(IReadOnlyList<Parameter> texts, int room)
    {
        List<Parameter> kept = [];
        var least = 0;
        foreach (var text in texts)
        {
            least += text.Overhead + Math.Min(Least, text.Value.Length);
            if (least > room)
            {
                break;
            }
            kept.Add(text);
        }
        var level = Level(kept, room - kept.Sum(text => text.Overhead));
        return [.. kept.Select(text => text.Within(level))];
    }

    // The greatest length that all values can have without being more than the room together.
    private static int Level(List<Parameter> texts, int room)
    {
        var left = texts.Count;
        foreach (var length in texts.Select(text => text.Value.Length).Order())
        {
            if ((long)length * left > room)
            {
                return room / left;
            }
            room -= length;
            left--;
        }
        return int.MaxValue;
    }
}
