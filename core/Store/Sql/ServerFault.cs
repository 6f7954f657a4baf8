namespace Kipuka.Store;

/// <summary>What a driver says, for the operator: drivers put the reason into inner faults.</summary>
internal static class ServerFault
{
    public static string Text(Exception fault)
    {
        List<string> said = [];
        for (Exception? part = fault; part is not null; part = part.InnerException)
        {
            string text = part.Message.TrimEnd('.');
            if (!said.Any(before => before.Contains(text, StringComparison.Ordinal)))
            {
                said.Add(text);
            }
        }

        return string.Join(": ", said);
    }
}
