using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Kipuka.Store;

namespace Kipuka.Tests.Store;

/// <summary>The program's texts are asked, so that no statement is forgotten.</summary>
public sealed partial class StatementTests
{
    // What SQLite does not run, or only when something is broken; each finds one row by its key.
    private static readonly Dictionary<string, string> Others = new()
    {
        ["INSERT INTO commit_marks (node, mark) VALUES (@node, @mark)"] = "of servers: a row a node",
        ["UPDATE commit_marks SET mark = @mark WHERE node = @node AND holder = @holder"] = "of servers: a row a node",
        ["UPDATE commit_marks SET holder = @holder, member = '' WHERE node = @node"] = "of servers: a row a node",
        ["SELECT mark FROM commit_marks WHERE node = @node"] = "of servers: a row a node",
        ["SELECT member FROM commit_marks WHERE node = @node AND LENGTH(holder) > 0"] = "of clusters: a row a node",
        ["SELECT node, mark FROM commit_marks"] = "of clusters: a row a node",
        ["UPDATE schema_migrations SET name = name WHERE number = 1"] = "after a commit that failed",
    };

    [Fact]
    public async Task Every_statement_of_the_program_is_among_those_whose_plans_are_looked_at()
    {
        await using StoreFixture lived = await StoreFixture.OpenAsync();
        await StoreLife.LiveAsync(lived);
        HashSet<string> run = [.. PreparedStatements.Of(lived.Database).Select(command => command.CommandText)];
        List<string> tables = await StoreLife.TablesAsync(lived);
        List<string> texts =
        [
            .. Texts().Where(text => Statement().IsMatch(text) && tables.Any(table => StoreLife.Names(text, table))
                && !text.Contains("FROM information_schema.", StringComparison.Ordinal)),
        ];
        Assert.True(texts.Count > 50, $"{texts.Count}");
        // The begin of one, where conditions are put together.
        List<string> forgotten = [.. texts.Where(text => !run.Any(sql => sql.StartsWith(text, StringComparison.Ordinal)) && !Others.ContainsKey(text))];
        Assert.True(forgotten.Count == 0, string.Join("\n\n", forgotten));
    }

    private static IEnumerable<string> Texts()
    {
        using PEReader program = new(File.OpenRead(typeof(Database).Assembly.Location));
        MetadataReader metadata = program.GetMetadataReader();
        for (UserStringHandle handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle))
        {
            yield return metadata.GetUserString(handle);
        }
    }

    [GeneratedRegex(@"\A\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\s")]
    private static partial Regex Statement();
}
