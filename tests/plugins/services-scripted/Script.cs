using Kipuka.Sdk;

namespace Kipuka.TestPlugins;

/// <summary>What a service does at each call, as a file says: <c>work</c>, <c>throw</c>, <c>hang</c>, or <c>block</c>, which keeps the thread.</summary>
public sealed record ScriptSettings
{
    public required SettingsPath Script { get; init; }

    /// <summary><c>hang</c> in the check of the settings.</summary>
    public string Check { get; init; } = "";

    internal string Word => File.ReadAllText(Script.FullPath).Trim();

    internal async ValueTask ObeyAsync(CancellationToken cancel)
    {
        Obey();
        if (Word == "hang")
        {
            // Deaf to its cancellation, as the worst are, until the script says otherwise.
            while (Word == "hang")
            {
                await Task.Delay(20, CancellationToken.None);
            }
        }
        cancel.ThrowIfCancellationRequested();
    }

    internal void Obey()
    {
        switch (Word)
        {
            case "throw":
                throw new InvalidOperationException("the script says throw");
            case "block":
                while (Word == "block")
                {
                    Thread.Sleep(20);
                }
                break;
            default:
                break;
        }
    }
}
