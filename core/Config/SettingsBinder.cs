using Kipuka.Config.Binding;

namespace Kipuka.Config;

/// <summary>
/// Fills settings records from kipuka.toml, as <see cref="Sdk.SettingAttribute"/> describes, and remembers which keys somebody wanted.
/// One binder serves one document; it keeps nothing of a plugin's types, so that their assemblies can be unloaded.
/// </summary>
internal sealed class SettingsBinder(ConfigDocument document, ConfigProblems problems, Func<string, string?> environment)
{
    private readonly Claims claims = new();

    public ConfigDocument Document => document;

    public ConfigProblems Problems => problems;

    /// <summary>Binds a record from one or several tables, which are searched in order.</summary>
    /// <remarks>
    /// A key that stands both in a table and in its own sub-table (<c>[[ca]]</c> and <c>[ca.file]</c>) is a problem; a table elsewhere
    /// (<c>[hsm]</c> after <c>[[ca]]</c>) gives defaults.
    /// </remarks>
    /// <returns>Null when there were problems; all of them have been reported.</returns>
    public BoundSettings? Bind(Type record, IReadOnlyList<OwnTable> own)
    {
        var (bound, failed) = BindAll(record, own);
        if (!failed) return bound;
        bound.Dispose();
        return null;
    }

    /// <inheritdoc cref="Bind"/>
    /// <remarks>The caller disposes the secrets in it.</remarks>
    public T? Bind<T>(IReadOnlyList<OwnTable> own)
        where T : class
        => (T?)Bind(typeof(T), own)?.Value;

    /// <summary>Binds what can be bound, so that further checks can find all that is wrong at once.</summary>
    public (BoundSettings Bound, bool Failed) BindAll(Type record, IReadOnlyList<OwnTable> own)
    {
        using var context = new BindingContext(document, problems, environment);
        foreach (var table in own.Where(t => t.Path.Length > 0)) claims.KnowPath(document.Root, table.Path);
        var value = new RecordReader(context, claims).ReadRecord(record, own, "");
        return (new BoundSettings(value, context.Hash.Finish(), context.Secrets), context.Failed);
    }

    /// <summary>The value of an environment variable that a key names; null when it is not set.</summary>
    public string? Variable(string name) => environment(name);

    /// <summary>Leaves a table unjudged, with all that is in it: a plugin that is not installed owns it.</summary>
    public void ClaimAll(OwnTable table) => claims.ClaimAll(document.Root, table);

    /// <summary>Leaves one key unjudged.</summary>
    public void Claim(OwnTable table, string key) => claims.Claim(table.Table, key);

    /// <summary>
    /// Says that a path such as <c>otp</c> or <c>audit.file</c> would be right, though nobody wants it now: a name to propose.
    /// </summary>
    public void Know(string path) => claims.KnowPath(document.Root, path);

    /// <summary>After everything has been bound: each key that nobody claimed is a problem.</summary>
    public void ReportUnknownKeys() => claims.ReportUnknown(document, problems);
}
