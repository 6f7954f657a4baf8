namespace Kipuka.Cli.Actions;

/// <summary>A list of the admin API.</summary>
/// <param name="Path">Below <c>/admin/</c>.</param>
/// <param name="Member">The member of the answer that holds the page.</param>
/// <param name="Noun">What it lists, for people.</param>
/// <param name="Usual">How many a page has.</param>
/// <param name="Key">The members that no two entries have alike.</param>
/// <param name="Table">The columns that people see.</param>
internal sealed record PagedShape(string Path, string Member, string Noun, int Usual, IReadOnlyList<string> Key, JsonTable Table);
