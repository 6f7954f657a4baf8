namespace Kipuka.Config;

/// <summary>One thing in kipuka.toml that an operator has to mend, or (a warning) ought to look at.</summary>
/// <param name="Code">What kind of thing, stable for scripts: <c>unknown-key</c>, <c>missing-file</c>.</param>
/// <param name="File">The file as the operator named it.</param>
/// <param name="Line">From 1; 0 when the file could not be read at all.</param>
/// <param name="Column">From 1, in code points.</param>
/// <param name="Key">The key's path as it is written there, such as <c>otp.max_uses</c> or <c>ca[0].key</c>; null for the file.</param>
/// <param name="Message">What is wrong and what to do. Never a secret.</param>
/// <param name="IsWarning">The server starts all the same.</param>
internal sealed record ConfigProblem(
    string Code, string File, int Line, int Column, string? Key, string Message, bool IsWarning = false)
{
    /// <summary><c>file:line:column: [table] key: message</c>.</summary>
    public string Text => $"{Place}: {(IsWarning ? "warning: " : "")}{Subject}{Message}";

    public override string ToString() => Text;

    private string Place => Line > 0 ? $"{File}:{Line}:{Column}" : File;

    private string Subject => Key is null ? "" : ConfigPath.SplitLast(Key) switch
    {
        ("", var key) => $"{key}: ",
        (var table, var key) => $"[{table}] {key}: ",
    };
}
